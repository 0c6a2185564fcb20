declare module "*.svelte" {
  import type { Component } from "svelte";

  const component: Component<{ getToken: () => string; onstored: (result: unknown) => void }>;
  export default component;
}

declare module "vue/dist/vue.esm-browser.js" {
  export * from "vue";
}
