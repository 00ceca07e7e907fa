// A sentence on top of a form with buttons to choose what happens to a draft.
export function note(form, words, choices) {
  const box = document.createElement("div");
  box.className = "note warn mb-3 flex-wrap";
  box.setAttribute("role", "status");
  box.append(words);
  for (const [label, act] of choices) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet btn-sm", textContent: label });
    button.addEventListener("click", () => { act(); box.remove(); });
    box.append(button);
  }
  form.prepend(box);
}
