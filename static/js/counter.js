// Minus and plus keys beside a number (counts of a vote). The number itself can always be typed.
document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-step]");
  const input = key?.closest("[data-stepper]")?.querySelector("input");
  if (!input) return;
  const least = input.min === "" ? 0 : Number(input.min);
  const most = input.max === "" ? Infinity : Number(input.max);
  const next = (Number.parseInt(input.value, 10) || 0) + Number(key.dataset.step);
  input.value = String(Math.min(most, Math.max(least, next)));
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
