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
