import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from "@mantine/core";
import type { Plugin } from "vite";
import { theme, variables } from "./theme.ts";

const name = "virtual:theme.css";

/**
 * Writes the theme's variables into a style sheet when the console is built. Mantine would write them into a style
 * element at run time, which the page's policy refuses.
 */
export const themeVariables: Plugin = {
  name: "theme-variables",
  resolveId: (id) => (id === name ? `\0${name}` : undefined),
  load: (id) => (id === `\0${name}` ? css() : undefined),
};

function css(): string {
  const merged = mergeMantineTheme(DEFAULT_THEME, theme);
  const [standard, own] = [defaultCssVariablesResolver(merged), variables(merged)];
  const all = {
    variables: { ...standard.variables, ...own.variables },
    light: { ...standard.light, ...own.light },
    dark: { ...standard.dark, ...own.dark },
  };
  return convertCssVariables(all, ":root");
}
