import hljs from "highlight.js/lib/common";
import nginx from "highlight.js/lib/languages/nginx";
import { escapeHtml } from "./escape-html.ts";

hljs.registerLanguage("nginx", nginx);
hljs.registerAliases(["vue", "svelte"], { languageName: "xml" });

/** Marks the parts of a program by classes. Styles in attributes would break the site's policy. */
export function highlight(code: string, language: string): string {
  if (hljs.getLanguage(language) === undefined) return escapeHtml(code);
  return hljs.highlight(code, { language, ignoreIllegals: true }).value;
}
