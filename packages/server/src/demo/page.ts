import { icon } from "./icon.ts";
import { styles } from "./styles.ts";
import { cardTemplate } from "./templates.ts";

export interface DemoPage {
  /** Path of the page, under which its assets and its token route are. */
  readonly base: string;
  readonly nonce: string;
  readonly publicKey: string;
  /** File name of the module that the page starts with. */
  readonly entry: string;
  /** The folder and the longest lifetime, in seconds, that the token route's policy knows. */
  readonly folder: string;
  readonly lifetime: number;
  /** Whether the page was opened under a name for which the token route works. */
  readonly isLocal: boolean;
}

export function renderPage({ base, nonce, publicKey, entry, folder, lifetime, isLocal }: DemoPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>Upload demo · Sluice</title>
<link rel="icon" type="image/svg+xml" href="${base}/icon.svg">
<style nonce="${nonce}">${styles}</style>
<script type="module" nonce="${nonce}" src="${base}/client/${entry}"></script>
</head>
<body data-token-url="${base}/token" data-public-key="${escapeHtml(publicKey)}" data-folder="${folder}" data-lifetime="${lifetime}">
<header class="top">
  <a class="brand" href="/"><span aria-hidden="true">${icon}</span>Sluice</a>
  <h1>Upload demo</h1>
  <p>From this browser straight into the media library, with a token that admits one exact upload, once.</p>
</header>
<main>
  <section class="work" aria-labelledby="upload-heading">
    <h2 id="upload-heading" class="unseen">Upload</h2>
    ${isLocal ? "" : notice}<noscript><p class="notice">This page does its work in JavaScript, which is turned off.</p></noscript>
    <div class="picker" id="picker">
      <input type="file" id="files" multiple aria-describedby="files-hint"${isLocal ? "" : " disabled"}>
      <svg aria-hidden="true" viewBox="0 0 24 24" width="36" height="36"><path d="M12 16V4m-5 5 5-5 5 5M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3"/></svg>
      <label for="files">Choose files <span>or drop them here</span></label>
      <p id="files-hint">They are stored in <code>${folder}</code>: the token route sees to that.</p>
    </div>
    <fieldset class="options">
      <legend class="unseen">Options for the next files</legend>
      <label class="check"><input type="checkbox" id="unique" checked> <span>Give each upload a name of its own</span></label>
      <label class="field">Tags <input type="text" id="tags" placeholder="none" autocomplete="off" spellcheck="false" aria-describedby="tags-hint"></label>
      <span id="tags-hint" class="unseen">Separated by commas</span>
    </fieldset>
    <p id="announcer" class="unseen" role="status" aria-live="polite" aria-atomic="false"></p>
    <h2 id="list-heading">Uploads <span id="count"></span></h2>
    <p id="empty">Nothing yet. Each upload shows its progress, the server's answer and its token here.</p>
    <ol id="uploads" role="list" aria-labelledby="list-heading"></ol>
  </section>
  <aside>
    <section aria-labelledby="how-heading">
      <h2 id="how-heading">What happens</h2>
      <ol class="steps">
        <li><strong>The page asks its backend for a token.</strong> It sends every parameter of the upload to <code>POST ${base}/token</code>, but not the file.</li>
        <li><strong>The backend decides.</strong> Its policy pins the folder to <code>${folder}</code> and the lifetime to ${lifetime / 60} minutes at most. It signs with the private key, which never leaves the server.</li>
        <li><strong>The file goes straight to Sluice</strong> with the same parameters and the token last, to <code>POST /api/v2/files/upload</code>.</li>
        <li><strong>Sluice checks and uses up the token:</strong> signature, lifetime, single use, every field equal to its claim. Then the file is stored, and the answer sent once it is safe on disk.</li>
      </ol>
      <p>A token that has arrived is spent, even if the upload fails after that. So a retry always fetches a new one.</p>
    </section>
    <section aria-labelledby="server-heading">
      <h2 id="server-heading">From a server</h2>
      <p>Listing and deleting take the private key, which belongs on servers. This page never gets to see it.</p>
      <div class="command"><h3>List what is in <code>${folder}</code></h3><pre tabindex="0" aria-label="Command that lists files"><code id="list-command"></code></pre></div>
      <div class="command"><h3>Delete <span id="delete-name">a file</span></h3><pre tabindex="0" aria-label="Command that deletes a file"><code id="delete-command"></code></pre></div>
    </section>
  </aside>
</main>
${cardTemplate}
</body>
</html>
`;
}

const notice = `<p class="notice">Tokens are given to this page only where it is opened on the machine that runs Sluice, as <code>http://localhost</code> or <code>http://127.0.0.1</code> with the server's port.</p>
    `;

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
