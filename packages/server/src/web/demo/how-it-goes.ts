import type { DemoPage } from "./demo-page.ts";

/** The four steps of an upload: what each is for and, once there has been an upload, what happened in it. */
export function howItGoes({ base, folder, lifetime }: DemoPage): string {
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
