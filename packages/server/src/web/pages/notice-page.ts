import { brand, type ServerPage, serverPage } from "./server-page.ts";

export interface Notice {
  readonly heading: string;
  /** HTML. */
  readonly body: string;
  /** Whether the brand leads to the server's first page. What visitors of other sites see does not. */
  readonly linked?: boolean;
  readonly script?: string;
}

const styles = `
body { min-block-size: 100vh; min-block-size: 100dvh; display: grid; grid-template-rows: auto 1fr; padding: 1.25rem clamp(1.25rem, 4vw, 2.5rem) }
main { align-self: center; justify-self: center; inline-size: 100%; max-inline-size: 34rem; padding-block: 2rem 18vh }
h1 { font-size: clamp(1.5rem, 1.2rem + 1.5vw, 2rem); line-height: 1.2 }
main p { margin-block-start: .75rem; color: var(--quiet); text-wrap: pretty }
.actions { display: flex; flex-wrap: wrap; gap: .6rem; margin-block-start: 1.75rem }
code, pre { font-family: var(--mono); font-size: .85rem }
p code { padding: .1em .3em; border-radius: .3rem; background: var(--sunken) }
pre { margin-block-start: 1rem; overflow: auto; padding: 1rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--sunken) }
`;

/** A page that says one thing, such as that there is nothing here. */
export function noticePage({ heading, body, linked = true, ...rest }: Notice): ServerPage {
  const top = linked ? `<a class="brand" href="/">${brand}</a>` : `<span class="brand">${brand}</span>`;
  return serverPage({
    title: heading,
    styles,
    body: `<header>${top}</header>
<main>
<h1>${heading}</h1>
${body}
</main>`,
    ...rest,
  });
}
