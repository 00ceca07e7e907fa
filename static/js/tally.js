// While a vote is counted: the sum in words beside the keys. The server has the last word.
function told(form) {
  const counts = ["agree", "disagree", "other"].map((name) => Number.parseInt(form.elements[name].value, 10) || 0);
  const sum = counts.reduce((total, each) => total + each, 0);
  const voters = Number(form.dataset.tally);
  const paper = form.dataset.secret;
  const valid = paper ? (Number.parseInt(form.elements.returned.value, 10) || 0) - (Number.parseInt(form.elements.invalid.value, 10) || 0) : voters;
  const whole = paper ? `${valid} phiếu hợp lệ` : `${voters} người có mặt được biểu quyết`;
  const equation = `${counts.join(" + ")} = ${sum}`;
  if (sum < valid) return `${equation}, còn thiếu ${valid - sum} so với ${whole}.`;
  if (sum > valid) return `${equation}, thừa ${sum - valid} so với ${whole}.`;
  const passes = counts[0] >= Number(form.dataset.need) ? "đủ để thông qua" : `chưa đủ, cần ${form.dataset.need} tán thành`;
  return `${equation}, đủ ${whole}; ${passes}.`;
}

for (const form of document.querySelectorAll("form[data-tally]")) {
  const line = form.querySelector("[data-sum]");
  form.addEventListener("input", () => { line.textContent = told(form); });
}
