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

/** The look of the landing page, in the names that the renderer gives to colours and fonts. */
const styles = `
section:focus-visible { outline: none }
:root { color-scheme: light dark; --scalar-custom-header-height: 3.25rem }
body { margin: 0; font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif }
.light-mode, .dark-mode {
  --scalar-font: system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  --scalar-font-code: ui-monospace, "SF Mono", "Cascadia Code", Menlo, "DejaVu Sans Mono", monospace;
}
body.light-mode {
  --scalar-background-1: #fff; --scalar-background-2: #f4f7f8; --scalar-background-3: #e3eaed; --scalar-background-accent: #e3f2f7;
  --scalar-color-1: #14232a; --scalar-color-2: #50636b; --scalar-color-3: #5c6f77; --scalar-color-accent: #0b6b8a;
  --scalar-border-color: #d5dfe3;
  --scalar-color-green: #14713a; --scalar-color-red: #b3261e; --scalar-color-yellow: #7a5200; --scalar-color-blue: #0662a8; --scalar-color-orange: #a0440a; --scalar-color-purple: #6429b8;
}
body.dark-mode {
  --scalar-background-1: #10171a; --scalar-background-2: #182226; --scalar-background-3: #24323a; --scalar-background-accent: #17313a;
  --scalar-color-1: #e6eef1; --scalar-color-2: #a0b1b8; --scalar-color-3: #8fa1a8; --scalar-color-accent: #69cdea;
  --scalar-border-color: #2e3c42;
  --scalar-color-green: #4ade80; --scalar-color-red: #ff9c91; --scalar-color-yellow: #f2c94c; --scalar-color-blue: #6fbdf5; --scalar-color-orange: #f5b27a; --scalar-color-purple: #c9b5ff;
}
.top { position: sticky; inset-block-start: 0; z-index: 10; box-sizing: border-box; display: flex; align-items: center; gap: .75rem; block-size: 3.25rem; padding-inline: 1.25rem; border-block-end: 1px solid light-dark(#d5dfe3, #2e3c42); background: light-dark(#fff, #10171a); color: light-dark(#50636b, #a0b1b8) }
.brand { color: light-dark(#14232a, #e6eef1); font-weight: 650; text-decoration: none; border-radius: .25rem }
.docs { margin-inline-start: auto; color: light-dark(#0b6b8a, #69cdea); border-radius: .25rem }
:is(.brand, .docs):focus-visible { outline: 2px solid light-dark(#0b6b8a, #69cdea); outline-offset: 3px }
.notice { max-inline-size: 42rem; margin: 2rem auto; padding-inline: 1.25rem }
`;
