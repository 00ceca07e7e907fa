// Small helps: copy a code, open a dialog, print, send a filter at once, show running time, start tables at today.
document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard?.writeText(document.querySelector(copy.dataset.copy)?.textContent.trim() ?? "");
    copy.textContent = "Đã chép";
  }
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.querySelector(opener.dataset.dialog);
  if (dialog?.showModal) {
    event.preventDefault();
    dialog.showModal();
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("form[method='get'] [data-auto]")) event.target.form.requestSubmit();
});

for (const control of document.querySelectorAll("[data-needs-script]")) control.hidden = false;

function showTime() {
  for (const timer of document.querySelectorAll("[data-timer]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(timer.dataset.timer)) / 1000));
    const hours = Math.floor(seconds / 3600);
    const minutes = String(Math.floor(seconds / 60) % 60).padStart(hours ? 2 : 1, "0");
    timer.textContent = `${hours ? `${hours}:` : ""}${minutes}:${String(seconds % 60).padStart(2, "0")}`;
  }
}
if (document.querySelector("[data-timer]")) {
  showTime();
  setInterval(showTime, 1000);
}

for (const box of document.querySelectorAll(".scroll")) {
  const today = box.querySelector("thead .cur");
  if (today) box.scrollLeft = Math.max(0, today.offsetLeft - box.clientWidth / 2);
}
