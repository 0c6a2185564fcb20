/** How one upload's card looks; `data-phase` says how the upload stands. Places are kept free for what comes later. */
export const cardStyles = `
#uploads { display: grid; gap: 1rem; list-style: none }
.card { display: grid; grid-template-columns: 11rem minmax(0, 1fr); overflow: clip; border: 1px solid var(--line); border-radius: .9rem; background: var(--surface); --phase: var(--accent) }
.card[data-phase=stored] { --phase: var(--good) }
.card[data-phase=refused] { --phase: var(--bad) }
.card:is([data-phase=waiting], [data-phase=cancelled]) { --phase: var(--quiet) }
.media { position: relative; display: grid; place-items: center; min-block-size: 13.25rem; border-inline-end: 1px solid var(--line); background: var(--sunken) }
.media img { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; object-fit: contain }
.media .kind { max-inline-size: 100%; padding: .4rem .7rem; border: 2px solid currentColor; border-radius: .4rem; color: var(--edge); font: 650 .85rem/1.2 var(--mono); letter-spacing: .05em }
.media .kind:empty { display: none }
.body { display: flex; flex-direction: column; padding: .9rem 1.1rem 1rem; min-inline-size: 0 }
.body h3 { overflow: hidden; font-size: 1rem; line-height: 1.5; text-overflow: ellipsis; white-space: nowrap }
.facts { color: var(--quiet); font-size: .85rem; font-variant-numeric: tabular-nums }
.state { margin-block-start: .35rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--phase); font-size: .9rem; font-weight: 550; font-variant-numeric: tabular-nums }
.middle { flex: 1; padding-block: .45rem .75rem }
.middle a { display: -webkit-box; margin-block-start: .5rem; overflow: hidden; font-size: .85rem; overflow-wrap: anywhere; -webkit-box-orient: vertical; -webkit-line-clamp: 2 }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; min-block-size: 2.25rem }

progress { display: block; inline-size: 100%; block-size: .5rem; appearance: none; overflow: hidden; border: 0; border-radius: .25rem; background: var(--line); color: var(--phase) }
progress::-webkit-progress-bar { background: none }
progress::-webkit-progress-value { border-radius: .25rem; background: var(--phase) }
progress::-moz-progress-bar { border-radius: .25rem; background: var(--phase) }
progress:indeterminate { background: repeating-linear-gradient(115deg, var(--accent) 0 .9rem, color-mix(in srgb, var(--accent) 45%, transparent) .9rem 1.8rem) 0 0 / 200% 100%; animation: flow 20s linear infinite }
progress:indeterminate::-moz-progress-bar { background: none }
.card[data-phase=refused] progress { display: none }
@keyframes flow { to { background-position-x: -200% } }

.refusal .what { font-size: .95rem; line-height: 1.45 }
.refusal .help { margin-block-start: .2rem; color: var(--quiet); font-size: .88rem }
.refusal .help:empty { display: none }
.tag { padding: .1rem .45rem; border-radius: .35rem; background: var(--sunken); color: var(--phase); font: 600 .75rem/1.5 var(--mono); white-space: nowrap }
.tag:empty { display: none }
.tag.bad { background: var(--bad-tint); color: var(--bad) }
.replay, .card details { grid-column: 1 / -1; border-block-start: 1px solid var(--line) }
.replay { padding: .9rem 1.1rem; background: color-mix(in srgb, var(--bad-tint) 55%, var(--surface)); animation: appear .2s ease-out }
.replay h4 { margin-block-end: .4rem; font-size: .9rem }
@keyframes appear { from { opacity: 0 } }
summary { display: flex; align-items: center; gap: .5rem; min-block-size: 2.6rem; padding-inline: 1.1rem; font-size: .88rem; font-weight: 550; cursor: pointer; list-style: none }
summary::-webkit-details-marker { display: none }
summary::before { content: ""; inline-size: .45rem; block-size: .45rem; margin-inline-end: .2rem; border: solid var(--quiet); border-width: 0 2px 2px 0; transform: rotate(-45deg); transition: transform .15s }
details[open] > summary::before { transform: rotate(45deg) }
summary:hover { background: var(--tint) }
summary:focus-visible { outline-offset: -3px; border-radius: .5rem }
details > pre { block-size: 21rem; margin: 0 1.1rem 1.1rem }
.token { display: grid; gap: .4rem; padding: 0 1.1rem 1.1rem }
.token p { color: var(--quiet); font-size: .88rem }
.token h4 { margin-block-start: .4rem; font-size: .82rem; color: var(--quiet) }
.token pre { block-size: 11rem }
.token pre.short { block-size: 8.75rem }
.token pre.wrap { white-space: pre-wrap; overflow-wrap: anywhere }

@media (max-width: 34rem) {
  .card { grid-template-columns: minmax(0, 1fr) }
  .media { min-block-size: 12rem; border-inline-end: 0; border-block-end: 1px solid var(--line) }
  .middle { min-block-size: 4.75rem }
}
@media (prefers-reduced-motion: reduce) {
  *, ::before { animation: none !important; transition: none !important }
}
`;
