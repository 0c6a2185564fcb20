import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** The accent of the landing page and of the uploader element, from its lightest shade to its darkest. */
const stream: MantineColorsTuple = [
  "#e3f2f7",
  "#c8e6ef",
  "#9fd5e6",
  "#69cdea",
  "#38aed0",
  "#1b8fb3",
  "#0b6b8a",
  "#095a75",
  "#08485e",
  "#06222c",
];

/** Mantine's greys of the dark scheme, in the tint of our own. */
const dark: MantineColorsTuple = [
  "#e6eef1",
  "#c4d1d6",
  "#a0b1b8",
  "#71858d",
  "#2e3c42",
  "#223036",
  "#1b262b",
  "#182226",
  "#131b1e",
  "#10171a",
];

export const theme = createTheme({
  colors: { stream, dark },
  primaryColor: "stream",
  primaryShade: 6,
  autoContrast: true,
  fontFamily: 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, "DejaVu Sans Mono", monospace',
  cursorType: "pointer",
  respectReducedMotion: true,
  defaultRadius: "md",
  components: {
    Badge: { defaultProps: { tt: "none", fw: 550, radius: "sm" } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
    // Locking the scroll bar writes a style sheet. The page itself doesn't scroll.
    Modal: {
      defaultProps: {
        centered: true,
        lockScroll: false,
        transitionProps: { duration: 120 },
        // A dialog is no section, so its header would count as the page's banner.
        attributes: { header: { role: "presentation" } },
      },
    },
    Drawer: { defaultProps: { lockScroll: false, transitionProps: { duration: 120 } } },
    Menu: { defaultProps: { transitionProps: { duration: 90 }, shadow: "md" } },
  },
});

/** The colours that the console, the demo and the landing page share, and those of the console's warnings. */
const lightPalette = {
  page: "#f4f7f8",
  surface: "#ffffff",
  sunken: "#eef3f5",
  line: "#d5dfe3",
  edge: "#73868e",
  text: "#14232a",
  quiet: "#50636b",
  accent: "#0b6b8a",
  tint: "#e3f2f7",
  bad: "#b3261e",
  "bad-tint": "#fdeeec",
  warn: "#7a4b00",
  "warn-tint": "#fdf2d0",
};
const darkPalette: typeof lightPalette = {
  page: "#10171a",
  surface: "#182226",
  sunken: "#111a1d",
  line: "#2e3c42",
  edge: "#71858d",
  text: "#e6eef1",
  quiet: "#a0b1b8",
  accent: "#69cdea",
  tint: "#17313a",
  bad: "#ff9c91",
  "bad-tint": "#3a1f1d",
  warn: "#f5c96b",
  "warn-tint": "#35290f",
};

/** The variables of our own, and those of Mantine that follow them. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: both(lightPalette),
  dark: both(darkPalette),
});

function both(palette: typeof lightPalette): Record<string, string> {
  const own = Object.entries(palette).map(([name, value]) => [`--${name}`, value]);
  return {
    ...Object.fromEntries(own),
    "--mantine-color-body": palette.page,
    "--mantine-color-text": palette.text,
    "--mantine-color-bright": palette.text,
    "--mantine-color-dimmed": palette.quiet,
    "--mantine-color-placeholder": palette.quiet,
    "--mantine-color-anchor": palette.accent,
    "--mantine-color-error": palette.bad,
    "--mantine-color-default": palette.surface,
    "--mantine-color-default-hover": palette.sunken,
    "--mantine-color-default-color": palette.text,
    "--mantine-color-default-border": palette.line,
    // White words on Mantine's own red, and that red on white, are hard to read.
    "--mantine-color-red-6": palette.bad,
    "--mantine-color-red-filled": lightPalette.bad,
    "--mantine-color-red-filled-hover": "#981f18",
    // Mantine's own red of the dark scheme is so light that nobody sees a warning in it.
    "--mantine-color-red-light": palette["bad-tint"],
    "--mantine-color-red-light-hover": palette["bad-tint"],
    "--mantine-color-red-light-color": palette.bad,
    "--mantine-color-yellow-light": palette["warn-tint"],
    "--mantine-color-yellow-light-hover": palette["warn-tint"],
    "--mantine-color-yellow-light-color": palette.warn,
    "--mantine-color-gray-outline": palette.quiet,
    "--mantine-color-stream-light": palette.tint,
    "--mantine-color-stream-light-hover": palette.sunken,
    "--mantine-color-stream-light-color": palette.accent,
  };
}
