import { colours } from "../colours.ts";

/** The styles of an upload's steps, beside the page or below it. */
const flowStyles = `
aside { font-size: .92rem }
aside p { margin-block-start: .5rem; color: var(--quiet) }
aside h3 { font-size: .82rem; color: var(--quiet) }
.steps h3 { margin-block: .6rem .25rem }
#flow-of { overflow-wrap: anywhere }
.steps { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.1rem; margin-block: 1rem; padding: 0; list-style: none; counter-reset: step }
.steps li { position: relative; padding-inline-start: 2.5rem; color: var(--quiet); counter-increment: step }
.steps li::before { content: counter(step); position: absolute; inset: .05rem auto auto 0; inline-size: 1.7rem; block-size: 1.7rem; border-radius: 50%; background: var(--tint); color: var(--accent); font-weight: 650; line-height: 1.7rem; text-align: center }
.steps li:not(:last-child)::after { content: ""; position: absolute; inset: 2.1rem auto -.75rem .8rem; inline-size: 2px; background: var(--line) }
.steps strong { color: var(--text) }
.steps details { margin-block-start: .5rem }
.steps pre { margin-block: .25rem .6rem; max-block-size: 15rem }
.steps #token-text, .steps #form-fields { white-space: pre-wrap; overflow-wrap: anywhere }
summary { display: flex; align-items: center; gap: .5rem; min-block-size: 2rem; color: var(--accent); font-size: .88rem; font-weight: 600; cursor: pointer; list-style: none }
summary::-webkit-details-marker { display: none }
summary::before { content: ""; inline-size: .4rem; block-size: .4rem; margin-inline: .1rem .2rem; border: solid; border-width: 0 2px 2px 0; transform: rotate(-45deg); transition: transform .15s }
details[open] > summary::before { transform: rotate(45deg) }
.tag { padding: .1rem .45rem; border-radius: .35rem; background: var(--sunken); color: var(--quiet); font: 600 .75rem/1.5 var(--mono); white-space: nowrap }
.tag:empty { display: none }
#replay { margin-block-start: .6rem }
.refusal { margin-block-start: .6rem; padding: .6rem .8rem; border-radius: .5rem; background: var(--bad-tint); color: var(--text); overflow-wrap: anywhere }
.refusal .tag { display: block; inline-size: fit-content; max-inline-size: 100%; margin-block-end: .3rem; background: none; padding: 0; color: var(--bad); white-space: normal }
@media (forced-colors: active) { .steps li::before { border: 1px solid } }
`;

const pageStyles = `
:root {
  color-scheme: light dark;
  ${colours}
  --bad: light-dark(#b3261e, #ff9c91);
  --bad-tint: light-dark(#fdeeec, #3a1f1d);
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, "DejaVu Sans Mono", monospace;
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  scrollbar-gutter: stable;
}
* { box-sizing: border-box }
[hidden] { display: none !important }
body { margin: 0; background: var(--page); color: var(--text); overflow-wrap: break-word }
h1, h2, h3, p, ol, pre, fieldset { margin: 0; padding: 0 }
h1 { font-size: clamp(1.6rem, 1.2rem + 1.6vw, 2.1rem); line-height: 1.2; letter-spacing: -.02em; text-wrap: balance }
h2 { margin-block-end: .75rem; font-size: 1.1rem; line-height: 1.4 }
h3 { font-size: .9rem }
code, pre { font-family: var(--mono); font-size: .82rem }
p code, li code { padding: .1em .3em; border-radius: .3rem; background: var(--sunken); overflow-wrap: anywhere }
a { color: var(--accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.quiet { color: var(--quiet); font-size: .9rem }

.top, main { max-inline-size: 72rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2.5rem) }
.top { padding-block: 1.5rem 2rem }
.top p { margin-block-start: .4rem; color: var(--quiet); max-inline-size: 46rem; text-wrap: pretty }
.brand { display: inline-flex; align-items: center; gap: .6rem; margin-block-end: 1.75rem; color: inherit; font-weight: 650; text-decoration: none; border-radius: .5rem }
.brand span, .brand svg { display: block; inline-size: 1.75rem; block-size: 1.75rem }
main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 3rem; padding-block-end: 4rem }
.work, aside { display: grid; grid-template-columns: minmax(0, 1fr); align-content: start; gap: 2.5rem }
.notice { margin-block-end: 1rem; padding: .75rem 1rem; border-inline-start: 4px solid var(--bad); border-radius: .5rem; background: var(--bad-tint) }
.empty { padding: 2.5rem 1rem; border: 1px solid var(--line); border-radius: .9rem; color: var(--quiet); text-align: center; text-wrap: balance }

sluice-uploader { --sluice-accent: var(--accent); --sluice-surface: var(--surface); --sluice-text: var(--text) }
/* Room for what it shows, so that the page stands still when its script arrives. */
sluice-uploader:not(:defined) { display: block; block-size: 14.5rem; border: 1px solid var(--line); border-radius: 14px; background: var(--surface) }
.options { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.75rem; margin-block: 1rem; border: 0; font-size: .92rem }
.check, .field { display: flex; align-items: center; gap: .6rem }
.check { min-block-size: 2.25rem; cursor: pointer }
.check input { inline-size: 1.1rem; block-size: 1.1rem; margin: 0; flex: none; accent-color: var(--accent) }
.field { flex: 1 1 14rem; font-size: .92rem }
.field :is(input, select) { flex: 1; min-inline-size: 0; min-block-size: 2.25rem; padding-inline: .7rem; border: 1px solid var(--edge); border-radius: .5rem; background: var(--surface); color: inherit; font: inherit }
.field input::placeholder { color: var(--quiet); opacity: 1 }
#transformation { font-family: var(--mono) }

#chooser { margin-block-end: 1rem }
#delivery-picture { display: grid; grid-template-columns: minmax(0, 1fr); gap: .9rem; margin-block-end: 1.1rem }
.picture { display: grid; place-items: center; block-size: clamp(14rem, 45vw, 24rem); padding: .75rem; border: 1px solid var(--line); border-radius: .9rem; background: repeating-conic-gradient(var(--sunken) 0 25%, var(--surface) 0 50%) 0 0 / 24px 24px }
.picture img { max-inline-size: 100%; max-block-size: 100%; min-block-size: 0 }
#facts { min-block-size: 1lh; color: var(--quiet); font-size: .9rem; font-variant-numeric: tabular-nums; text-align: center }
#transformations { display: flex; flex-wrap: wrap; gap: .5rem }
#transformations [aria-pressed=true] { border-color: var(--accent); background: var(--accent); color: var(--on-accent) }

button { min-block-size: 2.25rem; padding: .3rem .75rem; border: 1px solid var(--edge); border-radius: .5rem; background: var(--surface); color: var(--text); font: inherit; font-size: .84rem; font-weight: 550; line-height: 1.4; cursor: pointer }
button:hover { border-color: var(--accent); background: var(--tint) }
pre { padding: .75rem .9rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--sunken); line-height: 1.5; overflow: auto; tab-size: 2 }
pre:focus-visible { outline-offset: 0 }
.command { position: relative }
.command h3 { margin-block: 1.1rem .5rem; padding-inline-end: 4.5rem; min-block-size: 1.75rem; line-height: 1.75rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.command pre { white-space: pre-wrap; overflow-wrap: anywhere }
.copy { position: absolute; inset: 0 0 auto auto; min-block-size: 1.75rem; padding: .1rem .6rem; font-size: .8rem }

@media (min-width: 62rem) {
  main { grid-template-columns: minmax(0, 1fr) 23rem; gap: 2.75rem }
}
@media (prefers-reduced-motion: reduce) {
  *, ::before { animation: none !important; transition: none !important }
}
`;

/** The page's styles, in one style element. Colours come in pairs, for light and for dark. */
export const styles = `${pageStyles}${flowStyles}`;
