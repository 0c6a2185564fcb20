/**
 * Colours follow the `color-scheme` that applies where the element stands. Everything that a page may want to change is
 * a `--sluice-…` property or a part; see docs/uploader-element.md.
 */
export const css = `
:host { display: block; container: sluice / inline-size }
:host([hidden]), [hidden] { display: none !important }
* { box-sizing: border-box }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.base {
  --accent: var(--sluice-accent, light-dark(#068, #6ce));
  --surface: var(--sluice-surface, light-dark(#fff, #182226));
  --text: var(--sluice-text, light-dark(#123, #eef));
  --good: var(--sluice-good, light-dark(#173, #6d9));
  --bad: var(--sluice-bad, light-dark(#b21, #f99));
  --quiet: color-mix(in oklab, var(--text) 70%, var(--surface));
  --line: color-mix(in oklab, var(--text) 14%, var(--surface));
  --tint: color-mix(in oklab, var(--accent) 14%, var(--surface));
  min-inline-size: 0; margin: 0; padding: 10px; overflow: clip;
  border: 1px solid var(--line); border-radius: var(--sluice-radius, 14px); background: var(--surface);
  color: var(--text); line-height: 1.4;
}
.base:disabled { opacity: .6; pointer-events: none }
button {
  min-block-size: 40px; padding: 0 12px; border: 0; border-radius: 9px; background: none; cursor: pointer;
  color: var(--accent); font: inherit; font-size: .9em; font-weight: 600;
}
button:hover { background: var(--tint) }
svg { display: block; inline-size: 20px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }

.dropzone {
  display: grid; justify-items: center; gap: 12px; padding: 32px 12px; text-align: center; cursor: pointer;
  border: 2px dashed color-mix(in oklab, var(--text) 30%, var(--surface)); border-radius: 9px;
}
.over { outline: 2px solid var(--accent) }
.dropzone:hover, .over .dropzone { border-color: var(--accent); background: var(--tint) }
.emblem { padding: 12px; border-radius: 50%; background: var(--tint); color: var(--accent); svg { inline-size: 26px } }
.title, .summary-text { font-weight: 600 }
.hint, .status, .summary-detail { color: var(--quiet); font-size: .85em; font-variant-numeric: tabular-nums }
.hint { text-wrap: balance }
.hint::first-letter { text-transform: uppercase }
.buttons { display: flex; flex-wrap: wrap; justify-content: center; gap: 8px }
.button { border: 1px solid var(--line) }
.choose:hover { opacity: .9 }
.choose, .choose:hover { border: 0; background: var(--accent); color: var(--surface) }
.filled {
  .dropzone { grid-template-columns: auto 1fr auto; align-items: center; justify-items: start; gap: 12px; padding: 12px; text-align: start }
  .emblem { padding: 8px }
}

.summary { display: flex; flex-wrap: wrap; align-items: center; justify-content: end; padding: 12px 2px 4px }
.summary-texts { flex: 1 13em }
.progress { overflow: clip; background: var(--tint); forced-color-adjust: none }
.overall { flex: 1 0 100%; margin: 4px 0; block-size: 6px; border-radius: 6px }
.progress-fill { block-size: 100%; border-radius: inherit; background: var(--accent); transition: inline-size .2s linear }

.list {
  margin: 0; padding: 2px; max-block-size: var(--sluice-list-height, 28rem); overflow: auto;
  list-style: none; scrollbar-width: thin;
}
.row {
  position: relative; display: grid; grid-template-columns: 44px 1fr auto; align-items: center; column-gap: 12px; padding: 12px 2px;
  content-visibility: auto; contain-intrinsic-block-size: auto 66px;
  .progress { position: absolute; inset-block-end: 0; inset-inline: 58px 2px; block-size: 3px }
}
.row + .row { border-block-start: 1px solid var(--line) }
.thumbnail {
  --tile: #0ae;
  position: relative; display: grid; place-items: center; block-size: 44px; border-radius: 9px;
  background: color-mix(in oklab, var(--tile) 14%, var(--surface)); color: color-mix(in oklab, var(--tile) 50%, var(--text));
  font-size: .7em; font-weight: 600; text-transform: uppercase;
}
[data-type=video] { --tile: #85f }
[data-type=application] { --tile: #f71 }
img { position: absolute; inline-size: 100%; block-size: 100%; border-radius: inherit; object-fit: cover }
.badge {
  position: absolute; inset-block-end: -5px; inset-inline-end: -5px; padding: 2px; border: 2px solid var(--surface);
  border-radius: 50%; background: var(--good); color: var(--surface); forced-color-adjust: none; svg { inline-size: 12px; stroke-width: 4 }
}
.text { min-inline-size: 0 }
.name { display: block; color: inherit; text-underline-offset: .2em; inline-size: fit-content; max-inline-size: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600; font-size: .95em }
.status { overflow-wrap: anywhere }
.offline { color: var(--bad) }
.actions, .summary-buttons { display: flex }
.row-button { color: var(--quiet) }
[data-state=failed], [data-state=refused] { .status { color: var(--bad) } .badge { background: var(--bad) } }
[data-state=paused] .progress-fill { background: var(--quiet) }
:is([data-state=processing], [data-state=resuming]) .progress-fill { opacity: .5 }

.announcement { position: absolute; inset-inline: 0; clip-path: inset(50%) }
@container sluice (inline-size < 27em) {
  button { padding: 0 9px }
  .filled {
    .dropzone { display: flex; flex-flow: column-reverse; align-items: stretch; gap: 6px; padding: 0; border: 0; text-align: center }
    .emblem, .title { display: none }
    .button { flex: auto }
  }
}
@media (hover: none) { .title { display: none } }
`;

let sheet: CSSStyleSheet | undefined;

/** Returns one style sheet for all elements of the page. Unlike inline styles, no strict policy forbids it. */
export function styleSheet(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}
