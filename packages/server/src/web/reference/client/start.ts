/** The part of the renderer that this page uses. */
interface Renderer {
  createApiReference(selector: string, configuration: Readonly<Record<string, unknown>>): void;
}

/*
 * The renderer adds styles to the page as it runs, and gives the page's nonce to the first of them only. The others get
 * it here, so that the policy may forbid every style that HTML brings along.
 */
const { nonce } = document.currentScript as HTMLScriptElement;
const createElement = document.createElement.bind(document);
document.createElement = (name: string, options?: ElementCreationOptions): HTMLElement => {
  const element = createElement(name, options);
  if (element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
};

/*
 * What the renderer's elements lack for people who use a screen reader or the keyboard. It has no options for that, so
 * the elements get it when they appear. A name that the renderer gives by itself stays.
 */
const missing: Readonly<Record<string, (element: HTMLElement) => Readonly<Record<string, string>>>> = {
  ".scalar-code-copy:not([aria-label])": () => ({ "aria-label": "Copy" }),
  ".show-more[aria-label^='Show all ']": (button) => ({
    "aria-label": `${button.textContent?.trim()}: ${button.getAttribute("aria-label")?.replace(/^Show all /, "")}`,
  }),
  "[role=combobox]:not([aria-expanded])": () => ({ "aria-expanded": "false" }),
  ".code-input-lite__editor:not([aria-label])": (editor) => ({
    "aria-label": document.querySelector(`label[for="${editor.parentElement?.id}"]`)?.textContent ?? "Value",
  }),
  ".response-card[role=region]": () => ({ role: "group" }),
  // These links have no target.
  "a.endpoint:not([href])": () => ({ role: "link", tabindex: "0" }),
};

function complete(root: Element): void {
  for (const [selector, attributesOf] of Object.entries(missing)) {
    for (const element of [root, ...root.querySelectorAll(selector)]) {
      if (!(element instanceof HTMLElement) || !element.matches(selector)) continue;
      for (const [name, value] of Object.entries(attributesOf(element))) element.setAttribute(name, value);
    }
  }
}

new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const node of addedNodes) if (node instanceof Element) complete(node);
}).observe(document, { childList: true, subtree: true });

addEventListener("keydown", ({ key, target }) => {
  if (key === "Enter" && target instanceof HTMLElement && target.matches("a.endpoint:not([href])")) target.click();
});

/** The address that the document's code samples name. They are shown with the address of this server. */
const sampleOrigin = "http://127.0.0.1:3000";

const readDocument: typeof fetch = async (...request) => {
  const answer = await fetch(...request);
  if (!answer.ok || !answer.url.endsWith("/openapi.json")) return answer;
  return new Response((await answer.text()).replaceAll(sampleOrigin, location.origin), answer);
};

addEventListener("DOMContentLoaded", () => {
  const { Scalar } = globalThis as unknown as { readonly Scalar: Renderer };
  Scalar.createApiReference("#reference", {
    url: "/openapi.json",
    customFetch: readDocument,
    // The document has code samples of its own. Those that the renderer makes up do not run as they are shown.
    hiddenClients: true,
    // Nothing is loaded from other hosts, or sent there.
    withDefaultFonts: false,
    telemetry: false,
    proxyUrl: "",
    agent: { disabled: true },
    mcp: { disabled: true },
    hideClientButton: true,
    showDeveloperTools: "never",
    // A private key that somebody types in is forgotten with the page.
    persistAuth: false,
    authentication: { preferredSecurityScheme: "privateKey" },
    documentDownloadType: "direct",
    operationTitleSource: "summary",
  });
});
