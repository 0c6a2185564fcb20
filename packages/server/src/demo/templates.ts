/** One upload's card. All of it is there from the start, so that nothing moves while the upload goes on. */
export const cardTemplate = `<template id="card-template">
  <li class="card">
    <div class="media"><span class="kind" data-part="kind" aria-hidden="true"></span></div>
    <div class="body">
      <h3 data-part="name"></h3>
      <p class="facts" data-part="facts"></p>
      <p class="state" data-part="state"></p>
      <div class="middle">
        <progress data-part="progress" max="1"></progress>
        <a data-part="link" target="_blank" rel="noopener noreferrer" hidden></a>
        <div class="refusal" data-part="refusal" hidden></div>
      </div>
      <div class="actions" data-part="actions">
        <button type="button" data-action="cancel">Cancel</button>
        <button type="button" data-action="retry" class="primary" hidden>Retry with a fresh token</button>
        <button type="button" data-action="replay" hidden>Present the same token again</button>
      </div>
    </div>
    <div class="replay" data-part="replay" hidden>
      <h4>The same form with the same token, presented again <span class="tag bad" data-part="replay-reason"></span></h4>
      <div class="refusal" data-part="replay-refusal"></div>
    </div>
    <details data-part="answer-details">
      <summary>Answer <span class="tag" data-part="status"></span></summary>
      <pre tabindex="0" data-part="answer" aria-label="The server's answer"></pre>
    </details>
    <details>
      <summary>Token, decoded</summary>
      <div class="token">
        <p data-part="token-note">It has not been fetched yet.</p>
        <h4>Header</h4>
        <pre tabindex="0" class="short" data-part="token-header" aria-label="The token's header"></pre>
        <h4>Claims</h4>
        <pre tabindex="0" data-part="token-claims" aria-label="The token's claims"></pre>
        <h4>As it travels</h4>
        <pre tabindex="0" class="short wrap" data-part="token-text" aria-label="The token as it travels"></pre>
      </div>
    </details>
  </li>
</template>
<template id="refusal-template">
  <p class="what"><strong data-part="message"></strong></p>
  <p class="help" data-part="help"></p>
</template>
<template id="copy-template"><button type="button" class="copy">Copy</button></template>`;
