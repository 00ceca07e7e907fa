// A short message after a redirect leaves by itself after eight seconds; warnings stay.
const LIFE_MS = 8000;

for (const toast of document.querySelectorAll("[data-toast]:not(.error):not(.warning)")) {
  let timer = setTimeout(() => toast.remove(), LIFE_MS);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => { timer = setTimeout(() => toast.remove(), LIFE_MS); });
}
