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
<nav class="top" aria-label="Sluice"><a class="brand" href="/">Sluice</a><span>API reference</span><a class="docs" href="/docs/">Documentation</a></nav>
<noscript><p class="notice">This page needs JavaScript. The same reference as data: <a href="/openapi.json">openapi.json</a>.</p></noscript>
<div id="reference"></div>
</body>
</html>
`;
}
