// After a refused form the summary on top takes the focus, so that it is read aloud first.
document.querySelector(".errors")?.focus();

// A link of the summary puts the focus into its field, also when the field is a group of choices.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".errors a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
});
