import { assetHeaders } from "../asset-headers.ts";
import { policyText } from "../content-security-policy.ts";
import { icon } from "../icon.ts";
import { styles } from "./styles.ts";

/**
 * The headers say what a browser may do with the demo page. Users' files share the page's origin, so nothing loads
 * merely because it is from this origin: scripts and styles need the answer's nonce, which modules pass on to their
 * imports.
 */
export function pageHeaders(nonce: string, deliveryOrigin: string): Record<string, string> {
  const policy = {
    "default-src": "'none'",
    "script-src": `'nonce-${nonce}'`,
    "style-src": `'nonce-${nonce}'`,
    // Uploads go to this origin. Why a picture is refused stands in the answer of the origin that its URL names.
    "connect-src": `'self' ${deliveryOrigin}`,
    // The upload element shows a picture before it is uploaded.
    "img-src": `'self' blob: ${deliveryOrigin}`,
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
  };
  return {
    ...assetHeaders("text/html; charset=utf-8"),
    "content-security-policy": policyText(policy),
  };
}

export interface DemoPage {
  /** The page's path. Its assets and its token route are below it. */
  readonly base: string;
  readonly nonce: string;
  readonly publicKey: string;
  /** File name of the module that the page starts with. */
  readonly entry: string;
  /** The folder and the longest lifetime, in seconds, of the token route's policy. */
  readonly folder: string;
  readonly lifetime: number;
}

/** The four steps of an upload: what each is for and, once there has been an upload, what happened in it. */
function howItGoes({ base, folder, lifetime }: DemoPage): string {
  return `<section aria-labelledby="how-heading">
      <h2 id="how-heading">How it works</h2>
      <p id="flow-of">Upload a file to see what is sent in each step:</p>
      <ol class="steps">
        <li>
          <strong>The page asks your backend for a token.</strong> It sends all upload parameters, but not the file, to <code>POST ${base}/token</code>. Your backend checks who is signed in. In this demo, the secret in the link stands in for that.
          ${details("ask-details", "Request", pre("token-request", "The request for a token"))}
        </li>
        <li>
          <strong>The backend decides.</strong> Its policy sets the folder to <code>${folder}</code> and limits the lifetime to ${lifetime / 60} minutes. It signs the token with the private key, which never leaves the server.
          <div id="token-refusal" class="refusal" hidden></div>
          ${details("token-details", "Decoded token", token)}
        </li>
        <li>
          <strong>The file goes straight to Sluice</strong> with the same parameters, to <code>POST /api/v2/files/upload</code>.
          ${details("form-details", "Form", pre("form-fields", "The form's fields"))}
        </li>
        <li>
          <strong>Sluice checks the token and uses it up.</strong> It checks the signature, the lifetime, that the token is new, and that every field matches its claim. Then it stores the file and responds once it is safely on disk.
          <div id="upload-refusal" class="refusal" hidden></div>
          ${details("answer-details", 'Response <span id="answer-status" class="tag"></span>', pre("answer", "The server's response"))}
          <button type="button" id="replay" hidden>Use the same token again</button>
          <div id="replay-refusal" class="refusal" hidden></div>
        </li>
      </ol>
      <p>A token is used up once it arrives, even if the upload then fails. Each retry gets a new one.</p>
    </section>`;
}

const token = `<p id="token-note"></p>
            <h3>Header</h3>${pre("token-header", "The token's header")}
            <h3>Claims</h3>${pre("token-claims", "The token's claims")}
            <h3>Encoded</h3>${pre("token-text", "The encoded token")}`;

function details(id: string, summary: string, content: string): string {
  return `<details id="${id}" hidden><summary>${summary}</summary>${content}</details>`;
}

/** The element can be scrolled, so it must be reachable by keyboard. */
function pre(id: string, label: string): string {
  return `<pre id="${id}" tabindex="0" role="group" aria-label="${label}"></pre>`;
}

export function renderPage(page: DemoPage): string {
  const { base, nonce, publicKey, entry, folder, lifetime } = page;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>Upload demo · Sluice</title>
<link rel="icon" type="image/svg+xml" href="${base}/icon.svg">
<style nonce="${nonce}">${styles}</style>
<script type="importmap" nonce="${nonce}">{"imports":{"@sluice/client":"/_sluice/client.js"}}</script>
<script type="module" nonce="${nonce}" src="${base}/client/${entry}"></script>
</head>
<body data-token-url="${base}/token" data-public-key="${escapeHtml(publicKey)}" data-folder="${folder}" data-lifetime="${lifetime}">
<header class="top">
  <a class="brand" href="/"><span aria-hidden="true">${icon}</span>Sluice</a>
  <h1>Upload demo</h1>
  <p>Upload a file straight from this browser with a one-time token, then get it back from a URL in any size and shape.</p>
</header>
<main>
  <div class="work">
    <section aria-labelledby="upload-heading">
      <h2 id="upload-heading">Upload</h2>
      <p id="closed" class="notice" hidden>To upload here, open this page with the link that the server printed when it started, in the line “demo page”. Each start prints a new link.</p>
      <noscript><p class="notice">This page needs JavaScript.</p></noscript>
      <sluice-uploader id="uploader" multiple whole-page aria-label="Files to upload" disabled></sluice-uploader>
      <fieldset class="options">
        <legend class="unseen">Options for the next files</legend>
        <label class="check"><input type="checkbox" id="unique" checked> <span>Use unique file names</span></label>
        <label class="field">Tags <input type="text" id="tags" placeholder="none" autocomplete="off" spellcheck="false" aria-describedby="tags-hint"></label>
        <span id="tags-hint" class="unseen">Separated by commas</span>
      </fieldset>
      <p class="quiet">This is <code>&lt;sluice-uploader&gt;</code>. Load it from <code>/_sluice/client.js</code> to use it on your own pages. The token route puts these files in <code>${folder}</code>.</p>
    </section>
    <section aria-labelledby="delivery-heading">
      <h2 id="delivery-heading">Deliver</h2>
      <p id="delivery-empty" class="empty">Upload an image to get it back in any size and shape.</p>
      <p id="chooser" hidden><label class="field">Show <select id="shown"></select></label></p>
      <div id="delivery-body" hidden>
        <div id="delivery-picture">
          <div id="picture-place" class="picture"></div>
          <p id="facts" role="status"></p>
          <div id="transformations" role="group" aria-label="Transformations"></div>
          <label class="field">Transformation <input type="text" id="transformation" placeholder="none" autocomplete="off" spellcheck="false" autocapitalize="none"></label>
        </div>
        <div class="command"><h3>URL</h3><pre role="group" aria-label="The file's URL"><code><a id="url" target="_blank" rel="noopener noreferrer"></a></code></pre></div>
      </div>
    </section>
  </div>
  <aside>
    ${howItGoes(page)}
    <section aria-labelledby="server-heading">
      <h2 id="server-heading">From a server</h2>
      <p>Listing and deleting need the private key, which stays on your server. This page never sees it.</p>
      <div class="command"><h3>List files in <code>${folder}</code></h3><pre tabindex="0" role="group" aria-label="Command that lists files"><code id="list-command"></code></pre></div>
      <div class="command"><h3>Delete <span id="delete-name">a file</span></h3><pre tabindex="0" role="group" aria-label="Command that deletes a file"><code id="delete-command"></code></pre></div>
    </section>
  </aside>
</main>
<p id="announcer" class="unseen" role="status"></p>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
