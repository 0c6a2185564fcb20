const schemes = ["auto", "light", "dark"] as const;
type Scheme = (typeof schemes)[number];

const texts: Readonly<Record<Scheme, string>> = {
  auto: "Theme: system",
  light: "Theme: light",
  dark: "Theme: dark",
};

/** The button that changes the colours: as the system has them, light, dark. */
export function addSchemeButton(): void {
  const button = document.querySelector<HTMLButtonElement>("#site-scheme");
  if (button === null) return;
  const root = document.documentElement;

  function show(scheme: Scheme): void {
    if (scheme === "auto") delete root.dataset.scheme;
    else root.dataset.scheme = scheme;
    button?.setAttribute("aria-label", texts[scheme]);
    if (button !== null) button.title = texts[scheme];
  }

  const current = (): Scheme => schemes.find((scheme) => scheme === root.dataset.scheme) ?? "auto";
  show(current());
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = schemes[(schemes.indexOf(current()) + 1) % schemes.length] ?? "auto";
    show(next);
    try {
      localStorage.setItem("sluice-docs-scheme", next);
    } catch {
      // The choice lasts until the next page.
    }
  });
}
