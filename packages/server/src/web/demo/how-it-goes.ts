import type { DemoPage } from "./demo-page.ts";

/** The four steps of an upload: what each is for and, once there has been an upload, what happened in it. */
export function howItGoes({ base, folder, lifetime }: DemoPage): string {
  return `<section aria-labelledby="how-heading">
      <h2 id="how-heading">What happens</h2>
      <p id="flow-of">In four steps, whose contents are here after an upload:</p>
      <ol class="steps">
        <li>
          <strong>The page asks its backend for a token.</strong> It sends every parameter of the upload to <code>POST ${base}/token</code>, but not the file. Your own backend asks who is signed in; here, the secret of the link stands for that.
          ${details("ask-details", "The request", pre("token-request", "The request for a token"))}
        </li>
        <li>
          <strong>The backend decides.</strong> Its policy pins the folder to <code>${folder}</code> and the lifetime to ${lifetime / 60} minutes at most. It signs with the private key, which never leaves the server.
          <div id="token-refusal" class="refusal" hidden></div>
          ${details("token-details", "The token, decoded", token)}
        </li>
        <li>
          <strong>The file goes straight to Sluice</strong> with the same parameters, to <code>POST /api/v2/files/upload</code>.
          ${details("form-details", "The form", pre("form-fields", "The form's fields"))}
        </li>
        <li>
          <strong>Sluice checks and uses up the token:</strong> signature, lifetime, single use, every field equal to its claim. Then it stores the file, and answers once the file is safe on disk.
          <div id="upload-refusal" class="refusal" hidden></div>
          ${details("answer-details", 'The answer <span id="answer-status" class="tag"></span>', pre("answer", "The server's answer"))}
          <button type="button" id="replay" hidden>Present the same token again</button>
          <div id="replay-refusal" class="refusal" hidden></div>
        </li>
      </ol>
      <p>A token that has arrived is spent, even if the upload fails after that. So a retry always fetches a new one.</p>
    </section>`;
}

const token = `<p id="token-note"></p>
            <h3>Header</h3>${pre("token-header", "The token's header")}
            <h3>Claims</h3>${pre("token-claims", "The token's claims")}
            <h3>As it travels</h3>${pre("token-text", "The token as it travels")}`;

function details(id: string, summary: string, content: string): string {
  return `<details id="${id}" hidden><summary>${summary}</summary>${content}</details>`;
}

/** The element can be scrolled, so it must be reachable by keyboard. */
function pre(id: string, label: string): string {
  return `<pre id="${id}" tabindex="0" role="group" aria-label="${label}"></pre>`;
}
