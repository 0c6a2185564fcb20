const units = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Formats an amount for people: `1,234` for things, `1.2 MB` for bytes. */
export function formatAmount(amount: number, unit: string): string {
  if (unit !== "bytes") return Math.round(amount).toLocaleString("en");
  const power = amount < 1000 ? 0 : Math.min(Math.floor(Math.log10(amount) / 3), units.length - 1);
  const value = amount / 1000 ** power;
  return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${units[power]}`;
}

/** Formats a duration: `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
