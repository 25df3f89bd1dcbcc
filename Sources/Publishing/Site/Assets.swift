/// The files that every page of the site shares.
enum Assets {
  /// Copy buttons, counted quiz answers, coloured sources, steps, and everything open for print.
  ///
  /// No page needs it.
  static let script = "\"use strict\";\n" + place + copying + answers + colours + steps + printing

  /// A long list of contents opens where the page is.
  private static let place = """
    const here = document.querySelector("#contents [aria-current]");
    if (here) here.closest("nav").scrollTop = here.offsetTop - 240;

    """

  private static let copying = """
    for (const block of document.querySelectorAll("figure.listing pre")) {
      if (!navigator.clipboard) break;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      button.setAttribute("aria-label", "Copy the listing");
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(block.textContent);
          button.textContent = "Copied";
        } catch {
          button.textContent = "Select and copy by hand";
        }
        setTimeout(() => { button.textContent = "Copy"; }, 2000);
      });
      block.before(button);
    }

    """

  private static let answers = """
    for (const quiz of document.querySelectorAll(".quiz")) {
      const status = document.createElement("p");
      status.className = "status";
      status.setAttribute("role", "status");
      quiz.append(status);
      let tries = 0;
      for (const option of quiz.querySelectorAll(".options details")) {
        option.addEventListener("toggle", () => {
          if (!option.open || quiz.dataset.done) return;
          tries += 1;
          if (option.classList.contains("wrong")) return;
          quiz.dataset.done = "yes";
          const isRight = option.classList.contains("right");
          status.textContent = !isRight ? "Come back to this one tomorrow."
            : tries === 1 ? "Right at the first try." : `Right after ${tries} tries.`;
        });
      }
    }

    """

  /// Source pages keep an element for each line, so the coloured text is cut at the line ends.
  private static let colours = """
    for (const code of document.querySelectorAll("pre[data-language] > code")) {
      const grammar = globalThis.Prism?.languages[code.parentElement.dataset.language];
      if (!grammar) continue;
      const lines = [...code.children];
      let open = [];
      Prism.highlight(code.textContent, grammar, "").split("\\n").forEach((line, index) => {
        if (!lines[index]) return;
        const start = open.join("");
        for (const tag of line.match(/<[^>]*>/g) ?? []) {
          if (tag === "</span>") open.pop(); else open.push(tag);
        }
        lines[index].innerHTML = start + line + "\\n" + "</span>".repeat(open.length);
      });
    }

    """

  private static let printing = """
    addEventListener("beforeprint", () => {
      for (const hidden of document.querySelectorAll("details:not([open])")) {
        hidden.removeAttribute("name");
        hidden.open = true;
      }
    });

    """

  /// Reloads the page when the stamp changes; a script tag works from `file://`, a fetch does not.
  static let reload = """
    "use strict";
    let fencelabSeen;
    globalThis.fencelabStamp = (stamp) => {
      if (fencelabSeen === undefined) fencelabSeen = stamp;
      if (fencelabSeen !== stamp) location.reload();
    };
    const fencelabBase = document.currentScript.src;
    setInterval(() => {
      const probe = document.createElement("script");
      probe.src = new URL("stamp.js?" + Date.now(), fencelabBase);
      probe.onload = probe.onerror = () => probe.remove();
      document.head.append(probe);
    }, 1000);

    """

  /// Two lanes and the point where one waits for the other.
  static let icon = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
    <title>Fencelab</title>
    <rect width="32" height="32" rx="7" fill="#0b5d52"/>
    <path d="M10 5v22M22 5v22" stroke="#fff" stroke-width="3" stroke-linecap="round"/>
    <path d="M10 11l12 9" stroke="#f4c35a" stroke-width="3" stroke-linecap="round"/>
    </svg>

    """
}
