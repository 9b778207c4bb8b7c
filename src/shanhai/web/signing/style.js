/* The look of the sheets, with the site's tokens where it has them. A constructed style sheet needs no
 * inline style, so the strictest policy stays in force. */

const CSS = `
shanhai-sign, shanhai-proof { display: block; line-height: 1.6; color: var(--ink, #1f2329); }
.sh-sheet h2, .sh-panel h2 { font-size: 1.35rem; margin: 0 0 .25rem; }
.sh-subject { font-size: 1.05rem; margin: 0 0 1rem; overflow-wrap: anywhere; }
.sh-answers { margin: 0 0 1rem; border-top: 1px solid var(--line, #d9dce1); }
.sh-row { display: grid; grid-template-columns: minmax(9rem, 30%) 1fr; gap: .25rem 1rem; padding: .6rem .25rem;
  border-bottom: 1px solid var(--line, #d9dce1); }
.sh-row dt { font-weight: 600; margin: 0; } .sh-row dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
.sh-row ul, .sh-row ol { margin: 0; padding-left: 1.2rem; }
.sh-main { background: var(--red-soft, #fdecea); border-left: 4px solid var(--red, #9e1b1b); padding-left: .75rem; }
.sh-main dd { font-size: 1.3rem; font-weight: 700; font-variant-numeric: tabular-nums; }
.sh-rows .sh-main dd { font-size: 1.05rem; }
.sh-main dd small, .sh-main dd code { font-size: .85rem; font-weight: 400; }
.sh-field, .sh-code { font-family: var(--font-code, ui-monospace, "DejaVu Sans Mono", monospace); overflow-wrap: anywhere; color: var(--ink-soft, #4e5661);
  background: none; padding: 0; }
.sh-field { display: block; font-size: .75rem; font-weight: 400; } .sh-code { font-size: .85em; }
.sh-quiet { color: var(--ink-soft, #4e5661); font-size: .9rem; }
.sh-fold { margin: 0 0 .75rem; } .sh-fold summary { cursor: pointer; min-height: 2rem; padding: .25rem 0; color: var(--blue, #1d4f91); }
.sh-fold summary:focus-visible, .sh-button:focus-visible, .sh-panel:focus-visible, .sh-bytes:focus-visible
  { outline: 3px solid var(--blue, #1d4f91); outline-offset: 2px; }
.sh-bytes { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--ground, #f5f6f8); padding: .75rem; max-height: 14rem;
  overflow: auto; font-size: .85rem; margin: 0; border: 1px solid var(--line, #d9dce1); }
.sh-actions { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem 1.25rem; margin: 1rem 0; }
.sh-button { display: inline-block; box-sizing: border-box; line-height: 1.5; min-height: 2.75rem; padding: .55rem 1.25rem; border-radius: var(--radius, 6px); font: inherit;
  border: 1px solid var(--blue, #1d4f91); background: #fff; color: var(--blue, #1d4f91); cursor: pointer; text-decoration: none; }
.sh-primary { background: var(--blue, #1d4f91); color: #fff; font-weight: 600; }
.sh-button:disabled { background: #e6e8eb; border-color: #8a9099; color: var(--ink-soft, #4e5661); cursor: not-allowed; }
.sh-clock { font-variant-numeric: tabular-nums; color: var(--ink-soft, #4e5661); }
.sh-panel { border: 1px solid; border-left-width: 6px; border-radius: var(--radius, 6px); padding: 1rem 1.1rem; margin: 0 0 1rem; background: #fff; }
.sh-panel-good { border-color: var(--green, #17663a); } .sh-panel-good h2 { color: var(--green, #17663a); }
.sh-panel-bad { border-color: #9e1b1b; } .sh-panel-bad h2 { color: #9e1b1b; }
.sh-panel p { margin: .25rem 0 .75rem; overflow-wrap: anywhere; }
.sh-checks, .sh-plain, .sh-items { list-style: none; padding: 0; margin: 0 0 .75rem; }
.sh-checks li { display: grid; grid-template-columns: 8rem 1fr; gap: .75rem; padding: .5rem 0;
  border-bottom: 1px solid var(--line, #d9dce1); }
.sh-mark { font-weight: 600; white-space: nowrap; } .sh-mark-yes { color: var(--green, #17663a); } .sh-mark-no { color: #9e1b1b; }
.sh-mark-none { color: var(--amber, #7d4700); } .sh-failed .sh-check-text { font-weight: 600; }
.sh-check-text { min-width: 0; overflow-wrap: anywhere; }
.sh-detail { display: block; font-size: .85rem; font-weight: 400; color: var(--ink-soft, #4e5661); }
.sh-item { border: 1px solid var(--line, #d9dce1); border-radius: var(--radius, 6px); padding: .75rem 1rem; margin: 0 0 1rem; }
.sh-pick { display: flex; gap: .6rem; align-items: flex-start; margin-bottom: .5rem; font-weight: 600; }
.sh-pick input { width: 1.5rem; height: 1.5rem; flex: none; margin: 0; } .sh-pick label { overflow-wrap: anywhere; }
.sh-total { font-weight: 700; font-variant-numeric: tabular-nums; }
.sh-plain li { overflow-wrap: anywhere; padding: .25rem 0; }
@media (max-width: 600px) {
  .sh-row, .sh-checks li { grid-template-columns: 1fr; gap: .1rem; }
  .sh-actions { flex-direction: column; align-items: stretch; text-align: center; }
  .sh-pick input { width: 2rem; height: 2rem; }
}
@media print { .sh-actions { display: none; } .sh-fold > * { display: block; } }
`;

let adopted = false;

/** Add the sheets' style once. */
export function adoptStyle() {
  if (adopted) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  adopted = true;
}
