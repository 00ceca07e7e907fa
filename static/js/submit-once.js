// A second click on a form that is on its way is ignored. The server has the last word (submission UUID).
const QUIET_MS = 8000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-disabled", "true");
  const release = () => {
    delete form.dataset.sent;
    event.submitter?.removeAttribute("aria-disabled");
  };
  setTimeout(release, QUIET_MS);
  window.addEventListener("pageshow", release, { once: true });
});
