import { SluiceUploader } from "./element/uploader.ts";

export type { UploaderEvents } from "./element/events.ts";
export type { ItemState, UploaderItem } from "./element/item.ts";
export type { Text, Texts } from "./element/texts.ts";
export { SluiceUploader };

declare global {
  interface HTMLElementTagNameMap {
    "sluice-uploader": SluiceUploader;
  }
}

// A page may load the module twice, from two addresses. A server that renders pages has no registry of elements.
if (globalThis.customElements?.get("sluice-uploader") === undefined) {
  globalThis.customElements?.define("sluice-uploader", SluiceUploader);
}
