/** Names in many scripts, which share words and beginnings of words. */
export const stems = [
  "red",
  "redwoods",
  "Red-Shoe",
  "red_shoe",
  "RED",
  "shoe",
  "Straße",
  "strasse",
  "ΟΔΟΣ",
  "οδός",
  "ΠΟΔΟΣ",
  "café",
  "Cafe",
  "CAFÉ-noir",
  "赤い靴",
  "東京タワー",
  "京都",
  "हिन्दी",
  "नमस्ते-दुनिया",
  "Привет",
  "привет_мир",
  "العربية",
  "한국어",
  "a",
  "A",
  "z",
  "10",
  "2024-05-01",
  "\u{10400}x",
  "\uff21wide",
] as const;

export const endings = [".jpg", ".png", ".JPG", ".txt", ".pdf", "", ".webp"] as const;

export const folders = ["/", "/a", "/a/b", "/a/b/c", "/ab", "/A", "/été", "/東京", "/a_b", "/z/10"] as const;

export const tags = [
  "red",
  "Red",
  "red shoe",
  "summer sale",
  "SUMMER",
  "straße",
  "東京",
  "привет мир",
  "a",
  "it's",
  'say "hi"',
  "back\\slash",
  "_",
  "true",
] as const;

/** The texts that HAS searches for, apart from names and tags. */
export const queries = [
  "re",
  "RED sh",
  "shoe red",
  "STRASSE",
  "strass",
  "οδος",
  "οδ",
  "café",
  "cafe",
  "靴",
  "京",
  "東京",
  "हिन",
  "мир",
  "10",
  "2024 05",
  "jpg",
  "sale summer",
  "o",
  "x",
] as const;

export const customTexts = ["Red", "red shoe", "", "straße", "東京", "a_b", "50%", 'say "hi"', "it's"] as const;
export const customNumbers = [-1.5, 0, 1, 2, 10, 10.25, 1e15] as const;
export const customDates = [
  "2020-01-01",
  "2020-01-01T00:00:00.000Z",
  "2020-01-01T23:59:59.999Z",
  "2020-01-02T00:30:00+01:00",
  "2020-01-02",
  "1969-12-31T23:59:59Z",
  "2025-12-30T12:00:00Z",
] as const;
export const options = ["red", "Red", "green", "1", 1, 2, 10, 2.5, true, "true"] as const;

/** Dates as queries write them. */
export const askedDates = [
  "2020-01-01",
  "2020-01-02",
  "2020-01-01T23:30",
  "2020-01-01T23:59:59",
  "2020-01-01T00:00:00.000Z",
  "1969-12-31",
  "2025-12-30",
  "2026-01-01",
  "2026-01-01T00:01",
  "2026-01-01T00:02:03",
] as const;

export const ages = ["1h", "1m", "2m", "3d", "1w", "6y", "0h"] as const;

/** Latitude and longitude. */
export const places = [
  [48.8584, 2.2945],
  [48.8606, 2.3376],
  [52.5, 13.4],
  [-33.8568, 151.2153],
  [0, 0],
  [90, 0],
  [-90, 10],
  [10, 179.99],
  [10, -179.99],
  [10, 180],
] as const;

export const durations = [0.04, 7, 7.5, 600] as const;
export const bitRates = [64_000, 1_453_966] as const;
export const codecs = ["h264", "hevc", "aac", "pcm_s16le"] as const;

export const keywords = ["sea", "Sea", "mountain", "beetle", "東京"] as const;
