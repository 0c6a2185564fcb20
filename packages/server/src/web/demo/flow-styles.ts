/** The styles of an upload's steps, beside the page or below it. */
export const flowStyles = `
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
