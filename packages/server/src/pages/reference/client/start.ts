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

addEventListener("DOMContentLoaded", () => {
  const { Scalar } = globalThis as unknown as { readonly Scalar: Renderer };
  Scalar.createApiReference("#reference", {
    url: "/openapi.json",
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
    defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
  });
});
