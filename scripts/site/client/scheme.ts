// Runs before the page is drawn, so that it appears in the colours that the reader has chosen.
try {
  const chosen = localStorage.getItem("sluice-docs-scheme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.scheme = chosen;
} catch {
  // Without storage, the system decides.
}
