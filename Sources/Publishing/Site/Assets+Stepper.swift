extension Assets {
  /// Lets the reader step through a schedule: what has not happened yet is hidden.
  ///
  /// The slider is the browser's own, so arrow keys step only while it has the focus.
  static let steps = """
    for (const table of document.querySelectorAll("table.lanes")) {
      const rows = [...table.tBodies[0].rows];
      const lanes = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
      const message = table.closest("figure").querySelector(".message");
      const make = (tag, values) => Object.assign(document.createElement(tag), values);
      const bar = make("div", { className: "stepper" });
      bar.setAttribute("role", "group");
      bar.setAttribute("aria-label", "Step through the schedule");
      const button = (words, act) => {
        const made = make("button", { type: "button", textContent: words });
        made.addEventListener("click", act);
        return made;
      };
      const slider = make("input", { type: "range", min: 0, max: rows.length, value: 0 });
      slider.setAttribute("aria-label", "Step");
      const status = make("p", { className: "step-status" });
      status.setAttribute("role", "status");
      const words = (row) => {
        const lane = [...row.cells].findIndex((cell, index) => index && cell.textContent);
        const mark = row.querySelector(".mark")?.getAttribute("aria-label");
        const text = row.cells[lane].querySelector("code").textContent;
        const number = row.cells[0].textContent;
        return `${number}, ${lanes[lane]}: ${text}${mark ? ` (${mark})` : ""}`;
      };
      const go = (step) => {
        slider.value = step;
        rows.forEach((row, index) => {
          row.classList.toggle("future", index >= step);
          row.classList.toggle("now", index === step - 1);
          if (index === step - 1) row.setAttribute("aria-current", "step");
          else row.removeAttribute("aria-current");
        });
        message?.classList.toggle("future", step < rows.length);
        back.disabled = step === 0;
        forward.disabled = step === rows.length;
        const said = step ? words(rows[step - 1]) : "Nothing has happened yet. What comes first?";
        status.textContent = said;
        slider.setAttribute("aria-valuetext", said);
      };
      const back = button("Back", () => go(Number(slider.value) - 1));
      const forward = button("Forward", () => go(Number(slider.value) + 1));
      const all = button("Show all", () => {
        go(rows.length);
        rows.at(-1).classList.remove("now");
        rows.at(-1).removeAttribute("aria-current");
        bar.replaceChildren(begin);
        begin.focus();
      });
      const begin = button("Step through", () => {
        bar.replaceChildren(back, slider, forward, all, status);
        go(0);
        slider.focus();
      });
      slider.addEventListener("input", () => go(Number(slider.value)));
      bar.append(begin);
      table.closest(".table").before(bar);
    }

    """
}
