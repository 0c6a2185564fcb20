import { cardStyles } from "./card-styles.ts";

const pageStyles = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f4f7f8, #10171a);
  --surface: light-dark(#fff, #182226);
  --sunken: light-dark(#eef3f5, #111a1d);
  --line: light-dark(#d5dfe3, #2e3c42);
  --edge: light-dark(#73868e, #71858d);
  --text: light-dark(#14232a, #e6eef1);
  --quiet: light-dark(#50636b, #a0b1b8);
  --accent: light-dark(#0b6b8a, #69cdea);
  --on-accent: light-dark(#fff, #06222c);
  --tint: light-dark(#e3f2f7, #17313a);
  --good: light-dark(#1b7340, #6cd495);
  --bad: light-dark(#b3261e, #ff9c91);
  --bad-tint: light-dark(#fdeeec, #3a1f1d);
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, "DejaVu Sans Mono", monospace;
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  scrollbar-gutter: stable;
}
* { box-sizing: border-box }
[hidden] { display: none !important }
body { margin: 0; background: var(--page); color: var(--text); overflow-wrap: break-word }
h1, h2, h3, h4, p, ol, pre, fieldset { margin: 0; padding: 0 }
h1 { font-size: clamp(1.6rem, 1.2rem + 1.6vw, 2.1rem); line-height: 1.2; letter-spacing: -.02em; text-wrap: balance }
h2 { font-size: 1.1rem; line-height: 1.4 }
h3 { font-size: .9rem }
code, pre { font-family: var(--mono); font-size: .82rem }
p code, li code { padding: .1em .3em; border-radius: .3rem; background: var(--sunken); overflow-wrap: anywhere }
a { color: var(--accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }

.top, main { max-inline-size: 72rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2.5rem) }
.top { padding-block: 1.5rem 2rem }
.top p { margin-block-start: .4rem; color: var(--quiet); max-inline-size: 46rem; text-wrap: pretty }
.brand { display: inline-flex; align-items: center; gap: .6rem; margin-block-end: 1.75rem; color: inherit; font-weight: 650; text-decoration: none; border-radius: .5rem }
.brand span, .brand svg { display: block; inline-size: 1.75rem; block-size: 1.75rem }
main { display: grid; gap: 3rem; padding-block-end: 4rem }
.work, aside { min-inline-size: 0 }
.work h2:not(.unseen) { margin-block: 2rem .75rem }
#count { margin-inline-start: .35rem; color: var(--quiet); font-weight: 400; font-variant-numeric: tabular-nums }
#empty { padding: 1.5rem 1rem; border: 1px solid var(--line); border-radius: .75rem; color: var(--quiet); text-align: center; text-wrap: balance }
.notice { margin-block-end: 1rem; padding: .75rem 1rem; border-inline-start: 4px solid var(--bad); border-radius: .5rem; background: var(--bad-tint) }

.picker { position: relative; display: grid; justify-items: center; padding: 2.25rem 1rem 2rem; border: 2px dashed var(--edge); border-radius: 1rem; background: var(--surface); text-align: center; transition: border-color .15s, background-color .15s }
.picker input { position: absolute; inset: 0; inline-size: 100%; opacity: 0; cursor: pointer }
.picker input:disabled { cursor: not-allowed }
.picker svg { fill: none; stroke: var(--accent); stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round }
.picker label { margin-block: .6rem .3rem; font-size: 1.15rem; font-weight: 650; color: var(--accent) }
.picker label span { color: var(--text); font-weight: 400 }
.picker p { color: var(--quiet); font-size: .9rem }
.picker:hover:not(:has(:disabled)), .picker.over { border-color: var(--accent); background: var(--tint) }
.picker:has(input:focus-visible) { outline: 2px solid var(--accent); outline-offset: 3px }
.picker:has(:disabled) { opacity: .55 }
.options { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem 1.75rem; margin-block-start: 1rem; border: 0; font-size: .92rem }
.check, .field { display: flex; align-items: center; gap: .5rem }
.check { min-block-size: 2.25rem; cursor: pointer }
.check input { inline-size: 1.1rem; block-size: 1.1rem; margin: 0; flex: none; accent-color: var(--accent) }
.field { flex: 1 1 14rem }
.field input { flex: 1; min-inline-size: 0; min-block-size: 2.25rem; padding-inline: .7rem; border: 1px solid var(--edge); border-radius: .5rem; background: var(--surface); color: inherit; font: inherit }
.field input::placeholder { color: var(--quiet); opacity: 1 }

aside { display: grid; grid-template-columns: minmax(0, 1fr); align-content: start; gap: 2.5rem; font-size: .92rem }
aside p { margin-block-start: .5rem; color: var(--quiet) }
aside h3 { margin-block: 1.1rem .5rem; padding-inline-end: 4.5rem; min-block-size: 1.75rem; line-height: 1.75rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.steps { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; margin-block: 1rem; list-style: none; counter-reset: step }
.steps li { position: relative; padding-inline-start: 2.5rem; color: var(--quiet); counter-increment: step }
.steps li::before { content: counter(step); position: absolute; inset: .05rem auto auto 0; inline-size: 1.7rem; block-size: 1.7rem; border-radius: 50%; background: var(--tint); color: var(--accent); font-weight: 650; line-height: 1.7rem; text-align: center }
.steps li:not(:last-child)::after { content: ""; position: absolute; inset: 2.1rem auto -.65rem .8rem; inline-size: 2px; background: var(--line) }
.steps strong { color: var(--text) }
.command { position: relative }
.command pre { min-block-size: calc(4lh + 1.5rem + 2px); white-space: pre-wrap; overflow-wrap: anywhere }
button { min-block-size: 2.25rem; padding: .3rem .75rem; border: 1px solid var(--edge); border-radius: .5rem; background: var(--surface); color: var(--text); font: inherit; font-size: .84rem; font-weight: 550; line-height: 1.4; cursor: pointer }
button:hover { border-color: var(--accent); background: var(--tint) }
button.primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent) }
button.primary:hover { filter: brightness(1.1) }
.copy { position: absolute; inset: 0 0 auto auto; min-block-size: 1.75rem; padding: .1rem .6rem; font-size: .8rem }
pre { padding: .75rem .9rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--sunken); line-height: 1.5; overflow: auto; tab-size: 2 }
pre:focus-visible { outline-offset: 0 }

@media (min-width: 62rem) {
  main { grid-template-columns: minmax(0, 1fr) 21rem; gap: 2.75rem }
}
@media (forced-colors: active) {
  .picker, .steps li::before { border-color: CanvasText }
}
`;

/** The page's look, in one style element. Colours come in pairs, for light and for dark. */
export const styles = `${pageStyles}${cardStyles}`;
