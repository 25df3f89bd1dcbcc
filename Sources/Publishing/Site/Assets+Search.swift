extension Assets {
  /// Looks through the index as the reader types; the index is loaded with the first word.
  static let search = """
    "use strict";
    const searchField = document.getElementById("search-field");
    const searchStatus = document.getElementById("search-status");
    const searchResults = document.getElementById("search-results");
    const searchBase = document.currentScript.src;
    const plain = (text) => text.normalize("NFKD").replace(/\\p{M}/gu, "").toLowerCase();
    // Who has no umlauts writes Koenig for König.
    const spellings = (term) => [...new Set([term, term.replace(/([aou])e/g, "$1")])];
    let searchIndex;

    globalThis.fencelabIndex = (entries) => {
      searchIndex = entries.map(([page, link, heading, words]) => ({
        page, link, heading, words, inPage: plain(page), inHeading: plain(heading),
        inWords: plain(words),
      }));
      show();
    };

    function score(entry, terms) {
      let sum = 0;
      for (const spelt of terms) {
        const found = spelt.map((term) => 8 * entry.inHeading.includes(term)
          + 4 * entry.inPage.includes(term) + Math.min(3, entry.inWords.split(term).length - 1));
        if (!Math.max(...found)) return 0;
        sum += Math.max(...found);
      }
      return entry.heading ? sum : sum + 1;
    }

    function marked(text, terms) {
      const fragment = document.createDocumentFragment();
      const letters = [...text];
      const folded = letters.map((letter) => plain(letter) || " ");
      const starts = [];
      let length = 0;
      for (const part of folded) { starts.push(length); length += part.length; }
      const whole = folded.join("");
      const isMarked = new Array(letters.length).fill(false);
      for (const term of terms.flat()) {
        for (let at = whole.indexOf(term); at >= 0; at = whole.indexOf(term, at + 1)) {
          starts.forEach((start, index) => {
            if (start >= at && start < at + term.length) isMarked[index] = true;
          });
        }
      }
      for (let index = 0; index < letters.length;) {
        let end = index;
        while (end < letters.length && isMarked[end] === isMarked[index]) end += 1;
        const run = letters.slice(index, end).join("");
        const mark = document.createElement("mark");
        mark.textContent = run;
        fragment.append(isMarked[index] ? mark : run);
        index = end;
      }
      return fragment;
    }

    function excerpt(entry, terms) {
      const hits = terms.flat().map((term) => entry.inWords.indexOf(term)).filter((at) => at >= 0);
      const from = Math.max(0, (hits.length ? Math.min(...hits) : 0) - 60);
      const start = from ? entry.words.indexOf(" ", from) + 1 : 0;
      const isCut = start + 220 < entry.words.length;
      const text = entry.words.slice(start, start + 220);
      return (start ? "… " : "") + (isCut ? text.replace(/\\S*$/, "…") : text);
    }

    function result(entry, terms) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = entry.link;
      link.append(marked(entry.heading || entry.page, terms));
      item.append(link);
      if (entry.heading) {
        const place = document.createElement("span");
        place.className = "place";
        place.textContent = entry.page;
        item.append(" ", place);
      }
      const words = document.createElement("p");
      words.append(marked(excerpt(entry, terms), terms));
      item.append(words);
      return item;
    }

    function show() {
      const terms = plain(searchField.value).split(/\\s+/).filter((term) => term)
        .map(spellings);
      if (!terms.length) {
        searchResults.replaceChildren();
        searchStatus.textContent = "Names, words and kernel functions are found as you type.";
        return;
      }
      if (!searchIndex) {
        searchStatus.textContent = "Loading …";
        return;
      }
      const found = searchIndex.map((entry) => [score(entry, terms), entry])
        .filter(([points]) => points).sort((one, other) => other[0] - one[0]);
      const count = found.length === 1 ? "1 place" : `${found.length} places`;
      const rest = found.length > 40 ? ", the best 40 are shown" : "";
      searchStatus.textContent = found.length ? count + rest : "Nothing has all of these words.";
      searchResults.replaceChildren(
        ...found.slice(0, 40).map(([, entry]) => result(entry, terms)));
    }

    searchField.form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
    searchField.addEventListener("input", show);
    searchField.value = new URLSearchParams(location.search).get("q") ?? "";
    searchField.setAttribute("accesskey", "s");
    searchField.focus();
    const searchLoader = document.createElement("script");
    searchLoader.src = new URL("search-index.js", searchBase);
    document.head.append(searchLoader);
    show();

    """
}
