extension Assets {
  /// The look of the site; its colours are variables, tested for contrast in both schemes.
  static let stylesheet = schemes + layout + prose + blocks + controls + print

  private static let schemes = """
    :root {
      color-scheme: light dark;
      --paper: #fdfcf9; --raised: #f4f1ea; --line: #ddd7ca; --edge: #857c6b;
      --ink: #22262a; --muted: #5b5f64; --link: #0a5f54; --accent: #0b5d52;
      --code: #f5f3ed; --good: #17633a; --bad: #a1301f; --warm: #8a4b08;
      --warm-back: #fbf3e2; --cool-back: #eaf3f1; --focus: #b3541e;
      --keyword: #7b2d8e; --number: #1d4f91;
      --fl-paper: var(--paper); --fl-window: var(--warm); --fl-violation: var(--bad);
      --serif: Charter, "Bitstream Charter", "Sitka Text", Cambria, "Noto Serif", Georgia, serif;
      --sans: system-ui, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
      --mono: ui-monospace, "Cascadia Code", "JetBrains Mono", "SF Mono", Menlo, Consolas,
        "DejaVu Sans Mono", monospace;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #15181b; --raised: #1e2226; --line: #343a40; --edge: #8b939b;
        --ink: #e6e3dc; --muted: #a9aeb4; --link: #79d1bf; --accent: #79d1bf;
        --code: #1b1f23; --good: #7fd39b; --bad: #ff9d8a; --warm: #f0bd6a;
        --warm-back: #262016; --cool-back: #172423; --focus: #ffb27a;
        --keyword: #d7a6e8; --number: #9cc4f5;
      }
    }

    """

  private static let layout = """
    *, *::before, *::after { box-sizing: border-box; }
    html { font-size: 106.25%; scroll-padding-top: 1.5rem; text-size-adjust: 100%;
      -webkit-text-size-adjust: 100%; }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font-family: var(--serif); font-size-adjust: .48; line-height: 1.6; }
    a { color: var(--link); text-underline-offset: .18em; text-decoration-thickness: .06em; }
    a:hover { text-decoration-thickness: .14em; }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
    main:focus, nav:focus { outline: none; }
    .skip { position: absolute; left: 1rem; top: -5rem; padding: .6rem 1rem; z-index: 2;
      background: var(--paper); border: 2px solid var(--focus); font-family: var(--sans); }
    .skip:focus { top: .6rem; }
    header { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem;
      padding: .7rem 1.25rem; border-bottom: 1px solid var(--line); font-family: var(--sans); }
    header .search { flex: 1 1 7rem; max-width: 20rem; }
    input[type="search"] { font: inherit; font-size: .95rem; width: 100%; padding: .32rem .7rem;
      color: var(--ink); background: var(--paper); border: 1px solid var(--edge);
      border-radius: .45rem; min-height: 2rem; }
    input::placeholder { color: var(--muted); opacity: 1; }
    .home { margin-right: auto; font-weight: 650; color: var(--ink); text-decoration: none;
      letter-spacing: -.01em;
      display: inline-flex; align-items: center; gap: .55rem; min-height: 1.75rem; }
    .logo { width: 1.15rem; height: 1.15rem; border-radius: .28rem; background:
      linear-gradient(var(--paper), var(--paper)) 32% 50% / .12rem 66% no-repeat,
      linear-gradient(var(--paper), var(--paper)) 68% 50% / .12rem 66% no-repeat,
      var(--accent); }
    .menu, .close { font-size: .9rem; padding: .3rem .2rem; }
    @media (max-width: 30rem) {
      header .search { order: 1; flex-basis: 100%; max-width: none; }
    }
    .frame { display: block; }
    main { max-width: 43rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; min-width: 0; }
    #contents { display: none; padding: 1rem 1.25rem 1.5rem; background: var(--raised);
      border-bottom: 1px solid var(--line); font: .9rem/1.45 var(--sans); }
    #contents:target { display: block; }
    #contents ul { list-style: none; margin: 0; padding: 0; }
    #contents li a { display: block; padding: .3rem .6rem; margin: 0 -.6rem; color: var(--ink);
      text-decoration: none; border-radius: .3rem; min-height: 1.65rem; }
    #contents li a:hover { background: color-mix(in srgb, var(--accent) 10%, transparent);
      text-decoration: underline; }
    #contents [aria-current] { font-weight: 650; color: var(--accent);
      box-shadow: inset 3px 0 var(--accent); border-radius: 0; }
    #contents .number { font-variant-numeric: tabular-nums; color: var(--muted);
      margin-right: .35rem; font-weight: 400; }
    #contents .nested { padding-left: 1.35rem; }
    #contents .outline { margin: .1rem 0 .5rem 1.35rem; border-left: 1px solid var(--line);
      padding-left: .8rem; font-size: .94em; }
    #contents .outline a { color: var(--muted); }
    .nav-title { font-weight: 650; font-size: .78rem; letter-spacing: .06em; margin: 1.4rem 0 .4rem;
      color: var(--muted); text-transform: uppercase; }
    footer { border-top: 1px solid var(--line); padding: 1rem 1.25rem; color: var(--muted);
      font: .85rem/1.5 var(--sans); text-align: center; }
    footer p { margin: 0; }
    .keys { margin-top: .3rem; }
    kbd { font: .85em var(--mono); padding: .05em .35em; border: 1px solid var(--edge);
      border-radius: .25em; }
    @media (min-width: 62rem) {
      .menu, .close { display: none; }
      .frame { display: grid; grid-template-columns: 17.5rem minmax(0, 1fr); }
      #contents, #contents:target { display: block; position: sticky; top: 0; align-self: start;
        max-height: 100vh; overflow-y: auto; scrollbar-width: thin; border: 0;
          border-right: 1px solid var(--line);
        min-height: calc(100vh - 3.2rem); }
      main { padding: 3rem 2.5rem 5rem; width: 100%; max-width: 48rem; margin: 0 auto 0
        max(0rem, calc((100% - 54rem) / 2.4)); }
    }
    @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }

    """

  private static let prose = """
    h1, h2, h3, h4, .block-title, .eyebrow, .facts, summary, th, caption, figcaption, button,
    .turn, .cards strong { font-family: var(--sans); font-size-adjust: none; }
    header, nav, footer, code, pre, table { font-size-adjust: none; }
    h1 { font-size: clamp(1.75rem, 1.2rem + 2.4vw, 2.6rem); line-height: 1.12; font-weight: 700;
      letter-spacing: -.022em; margin: 0 0 .5em; text-wrap: balance; }
    h1.path { font: 600 1.15rem/1.4 var(--mono); letter-spacing: 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.45rem; line-height: 1.25; letter-spacing: -.014em; margin: 2.4em 0 .6em;
      font-weight: 680; text-wrap: balance; }
    h3 { font-size: 1.12rem; line-height: 1.35; margin: 2em 0 .4em; font-weight: 650; }
    h4 { font-size: 1rem; margin: 1.6em 0 .3em; }
    .self { text-decoration: none; color: var(--muted); opacity: 0; font-weight: 400;
      padding: 0 .15em; }
    :is(h2, h3, h4):hover .self, .self:focus { opacity: 1; }
    @media (hover: none) { .self { opacity: .7; } }
    p, ul, ol, blockquote { margin: 0 0 1.05em; }
    p, li { hanging-punctuation: first; text-wrap: pretty; overflow-wrap: break-word; }
    ul, ol { padding-left: 1.5em; }
    li + li { margin-top: .3em; }
    li > p { margin-bottom: .5em; }
    blockquote { margin-left: 0; padding-left: 1.1em; border-left: 3px solid var(--line);
      color: var(--muted); }
    hr { border: 0; border-top: 1px solid var(--line); margin: 2.5em 0; }
    .eyebrow { font-size: .85rem; color: var(--muted); margin: 0 0 .6em; letter-spacing: .01em; }
    .facts { font-size: .9rem; color: var(--muted); margin-bottom: 2em; }
    h1 + .facts + p, h1 + p:not(.facts), .lead { font-size: 1.2rem; line-height: 1.5;
      text-wrap: pretty; }
    code { font-family: var(--mono); font-size: .86em; background: var(--code);
      padding: .1em .32em; border-radius: .25em; overflow-wrap: anywhere;
      border: 1px solid color-mix(in srgb, var(--line) 55%, transparent); }
    a code { color: inherit; }
    pre { margin: 0; padding: .95rem 1.1rem; overflow-x: auto; background: var(--code);
      border: 1px solid var(--line); border-radius: .5rem; font-size: .8rem; line-height: 1.5;
      tab-size: 2; }
    pre code { all: unset; font-family: var(--mono); font-variant-ligatures: none;
      white-space: pre; }
    pre.output { line-height: 1.32; }
    figure { margin: 1.7em 0; position: relative; }
    h2 + figure, h3 + figure { margin-top: .9em; }
    @media (min-width: 84rem) {
      main > figure, main > .table { width: max-content; min-width: 100%; max-width: calc(100% + 11rem); }
    }
    figcaption { font-size: .8rem; color: var(--muted); margin: 0 0 .4rem;
      overflow-wrap: anywhere; }
    figcaption a { color: inherit; }
    .listing { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: end;
      gap: .35rem .8rem; }
    .listing figcaption { grid-column: 1; margin: 0; }
    .listing .copy { grid-column: 2; grid-row: 1; }
    .listing pre { grid-column: 1 / -1; }
    .copy { font-size: .78rem; min-height: 1.7rem; padding: .15rem .6rem; color: var(--muted);
      background: var(--paper); cursor: pointer; border: 1px solid var(--edge);
      border-radius: .35rem; }
    .copy:hover { color: var(--ink); }
    .token.comment { color: var(--muted); }
    .token:is(.keyword, .directive, .attribute, .boolean, .nil) { color: var(--keyword); }
    .token:is(.string, .string-literal, .char) { color: var(--warm); }
    .token.class-name { color: var(--accent); }
    .token.number { color: var(--number); }
    .source .line { display: block; counter-increment: line; }
    .source .line::before { content: counter(line); display: inline-block; width: 3.2em;
      padding-right: 1.2em; text-align: right; color: var(--muted); user-select: none; }
    .source .line:target { background: var(--warm-back); }

    """

  private static let blocks = """
    .table { overflow-x: auto; margin: 1.7em 0; }
    table { border-collapse: collapse; width: 100%; font: .88rem/1.45 var(--sans); }
    caption { text-align: left; font-size: .84rem; color: var(--muted); padding-bottom: .5rem; }
    th, td { text-align: left; vertical-align: top; padding: .55rem .9rem .55rem 0; min-width: 6em;
      border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
    thead th { border-bottom: 2px solid var(--edge); font-weight: 650; vertical-align: bottom; }
    tbody th { font-weight: 600; }
    .table code { overflow-wrap: break-word; }
    @media (max-width: 40rem) {
      td { min-width: 8em; }
      td:nth-child(n + 3):last-child { min-width: 11em; }
      tbody th { min-width: 7.5em; }
      caption { max-width: calc(100vw - 5rem); }
    }
    .block-title { font-weight: 680; font-size: .88rem; margin: 0 0 .5em; line-height: 1.35; }
    .note, .predict, .quiz { margin: 1.8em 0; padding: 1.05rem 1.25rem; border-radius: .5rem;
      border: 1px solid var(--line); border-left: 4px solid var(--accent);
      background: var(--cool-back); }
    .note .block-title, .quiz .block-title { color: var(--accent); }
    .predict { border-left-color: var(--warm); background: var(--warm-back); }
    .predict .block-title { color: var(--warm); }
    .note > :last-child, .predict > :last-child, .reveal-body > :last-child,
    .quiz details p:last-child { margin-bottom: 0; }
    summary { cursor: pointer; font-size: .95rem; line-height: 1.45; }
    .reveal { margin: 1.4em 0; border: 1px solid var(--line); border-radius: .5rem; }
    .reveal > summary { padding: .7rem 1.1rem; font-weight: 600; color: var(--link); }
    .reveal[open] > summary { border-bottom: 1px solid var(--line); }
    .reveal-body { padding: 1rem 1.1rem; }
    .reveal-body figure:first-child, .reveal-body .table:first-child { margin-top: 0; }
    .as-text { margin-top: .5rem; }
    .as-text summary { font-size: .82rem; color: var(--muted); }
    .quiz { background: transparent; }
    .options { display: grid; gap: .5rem; }
    .options details { border: 1px solid var(--edge); border-radius: .45rem;
      background: var(--paper); }
    .options summary { padding: .6rem .9rem .6rem 2.45rem; list-style: none; position: relative;
      font-family: var(--serif); font-size: 1rem; overflow-wrap: break-word; }
    .options summary::-webkit-details-marker { display: none; }
    .options summary::before { content: "○"; color: var(--muted); font-family: var(--sans);
      position: absolute; left: .9rem; }
    .options [open].right > summary::before { content: "✓"; color: var(--good); }
    .options [open].wrong > summary::before { content: "✗"; color: var(--bad); }
    .options [open].unsure > summary::before { content: "●"; }
    .options .right strong { color: var(--good); }
    .options .wrong strong { color: var(--bad); }
    .options details > p { margin: 0; padding: 0 .9rem .75rem 2.45rem; }
    .options .right > p > strong, .options .wrong > p > strong { font-family: var(--sans);
      font-size: .92em; }
    .options .unsure summary { color: var(--muted); }
    .quiz .status { margin: .7rem 0 0; font: .88rem/1.4 var(--sans); color: var(--muted); }
    .quiz .status:empty { display: none; }
    .sources { font-size: .94rem; }
    .sources li:target { background: var(--warm-back); }
    .drawing { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem;
      padding: 1rem; background: var(--paper); }
    .drawing svg.fl-drawing { display: block; margin: 0 auto;
      max-width: max(100%, 46rem) !important; }
    .hero { padding: 1rem 0 .5rem; }
    .cards { list-style: none; padding: 0; display: grid; gap: .8rem; }
    .cards li { margin: 0; padding: 1rem 1.2rem; border: 1px solid var(--line);
      border-radius: .6rem; position: relative; }
    .cards li:hover { border-color: var(--edge); }
    .cards a { display: flex; gap: .8rem; align-items: baseline; text-decoration: none; }
    .cards a::after { content: ""; position: absolute; inset: 0; }
    .cards a:hover strong { text-decoration: underline; }
    .cards strong { font-weight: 650; font-size: 1.1rem; }
    .cards .number { font: .95rem var(--mono); color: var(--muted); }
    .cards p { margin: .35rem 0 0; }
    .cards .facts { margin-top: .5rem; }
    .turn { display: flex; flex-wrap: wrap; gap: .8rem; margin-top: 4rem; font-size: .95rem; }
    .turn a { flex: 1 1 14rem; padding: .8rem 1.1rem; border: 1px solid var(--line);
      border-radius: .5rem; text-decoration: none; font-weight: 600; }
    .turn a:hover { border-color: var(--edge); text-decoration: underline; }
    .turn span { display: block; font-size: .8rem; font-weight: 400; color: var(--muted); }
    .turn .next { text-align: right; }

    """

  private static let controls = """
    main .search { display: grid; gap: .4rem; max-width: 34rem; font-family: var(--sans); }
    #search-status { font: .9rem/1.4 var(--sans); color: var(--muted); margin: 1rem 0; }
    .results { list-style: none; padding: 0; display: grid; gap: 1.2rem;
      grid-template-columns: minmax(0, 1fr); overflow-wrap: anywhere; }
    .results li { margin: 0; }
    .results a { font: 600 1.05rem/1.35 var(--sans); }
    .results p { margin: .15rem 0 0; }
    .place { font: .85rem var(--sans); color: var(--muted); }
    mark { background: var(--warm-back); color: var(--ink); border-bottom: 2px solid var(--warm); }
    .lanes { font-size: .84rem; }
    .lanes th, .lanes td { padding: .3rem .9rem .3rem 0; min-width: 0; }
    .lanes thead th { font-size: .88rem; padding-left: .9rem; }
    .lanes thead th:first-child, .lanes tbody th { padding-left: .5rem; }
    .lanes tbody th { color: var(--muted); font: .84rem/1.5 var(--mono); white-space: nowrap; }
    .lanes td { border-left: 1px solid var(--line); padding-left: .9rem; min-width: 11.5em; }
    .lanes code { all: unset; font: .95em/1.5 var(--mono); overflow-wrap: anywhere; }
    .lanes .broke td { background: color-mix(in srgb, var(--bad) 9%, transparent); }
    .lanes .mark { color: var(--bad); font-weight: 700; }
    .lanes .partner .mark { color: var(--warm); }
    .lanes .now > * { background: var(--warm-back); box-shadow: inset 0 -2px var(--warm); }
    .future > *, p.future { visibility: hidden; }
    .schedule .table { margin: .6rem 0 0; }
    .message { font: .92rem/1.45 var(--sans); margin: .7rem 0 0; color: var(--bad); }
    .stepper { display: flex; flex-wrap: wrap; gap: .5rem .7rem; align-items: center; }
    .stepper button { font-size: .88rem; min-height: 2rem; padding: .25rem .8rem; cursor: pointer;
      color: var(--link); background: var(--paper); border: 1px solid var(--edge);
      border-radius: .4rem; }
    .stepper button:hover:enabled { border-color: var(--accent); }
    .stepper button:disabled { color: var(--muted); cursor: default; border-style: dashed; }
    .stepper input { flex: 1 1 9rem; accent-color: var(--accent); min-height: 2rem; }
    .step-status { flex: 1 0 100%; margin: 0; font: .88rem/1.45 var(--sans);
      overflow-wrap: anywhere; }

    """

  private static let print = """
    @media print {
      :root { color-scheme: light; --paper: #fff; --raised: #fff; --ink: #000; --muted: #444;
        --code: #fff; --line: #bbb; --link: #000; --accent: #000; --warm: #000;
        --warm-back: #fff; --cool-back: #fff; --good: #000; --bad: #000; }
      header, #contents, .skip, .turn, .copy, .self, .stepper, footer { display: none !important; }
      .future > *, p.future { visibility: visible; }
      .token { color: inherit !important; }
      .frame { display: block; }
      main { max-width: none; margin: 0; padding: 0; }
      html { font-size: 10.5pt; }
      pre { white-space: pre-wrap; overflow: visible; }
      pre, .note, .predict, .quiz, tr { break-inside: avoid; }
      h2, h3, .block-title { break-after: avoid; }
      details::details-content { display: block; content-visibility: visible; }
      main a[href^="http"]:not(.bare)::after { content: " (" attr(href) ")"; font-size: .85em;
        overflow-wrap: anywhere; }
    }

    """
}
