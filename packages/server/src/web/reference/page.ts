import { styles } from "./styles.ts";

/** The page that renders the API's OpenAPI document. It says nothing that depends on the request but its nonce. */
export function renderReference(base: string, nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>API reference · Sluice</title>
<meta property="csp-nonce" content="${nonce}">
<link rel="icon" href="data:,">
<style nonce="${nonce}">${styles}</style>
<script nonce="${nonce}" src="${base}/start.js"></script>
<script nonce="${nonce}" src="${base}/renderer.js" defer></script>
</head>
<body>
<header class="top"><a class="brand" href="/">Sluice</a><span>API reference</span><a class="docs" href="/docs/">Documentation</a></header>
<noscript><p class="notice">This page is drawn in JavaScript, which is turned off. The same as data: <a href="/openapi.json">openapi.json</a>.</p></noscript>
<main id="reference"></main>
</body>
</html>
`;
}
