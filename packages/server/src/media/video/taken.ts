/** The tags of a container that tell when it was taken. The first one knows the camera's zone. */
const timeTags = ["com.apple.quicktime.creationdate", "creation_time"];
const placeTags = ["com.apple.quicktime.location.ISO6709", "location"];

/** Cameras without a clock write the beginning of one of these epochs, 1904 and 1970. */
const firstTime = Date.UTC(1971, 0);
const lastTime = Date.UTC(10_000, 0) - 1;

/**
 * Reads when and where a video or a sound was taken. Nothing of the tags is trusted: what is no time and no place is left
 * out.
 * @returns JSON of the members that a picture's metadata have; undefined for none
 */
export function takenAtAndWhere(tags: unknown): string | undefined {
  if (typeof tags !== "object" || tags === null) return undefined;
  const texts = new Map(Object.entries(tags).filter(([, value]) => typeof value === "string" && value.length < 100));
  const told = { ...first(timeTags, texts, readTime), ...first(placeTags, texts, readPlace) };
  return Object.keys(told).length === 0 ? undefined : JSON.stringify(told);
}

function first<Told>(
  names: readonly string[],
  texts: ReadonlyMap<string, string>,
  read: (text: string) => Told | undefined,
): Told | undefined {
  return names.map((name) => read(texts.get(name) ?? "")).find((told) => told !== undefined);
}

function readTime(text: string): { readonly DateTimeOriginal: string } | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?$/.test(text)) return undefined;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2") : `${text}Z`;
  const time = Date.parse(zoned);
  return time >= firstTime && time <= lastTime ? { DateTimeOriginal: new Date(time).toISOString() } : undefined;
}

/** ISO 6709 in degrees, such as `+48.2082+016.3738+171.000/`. */
function readPlace(text: string): { readonly GPSLatitude: number; readonly GPSLongitude: number } | undefined {
  const [, latitude, longitude] = /^([+-]\d\d(?:\.\d{1,12})?)([+-]\d{3}(?:\.\d{1,12})?)(?:[-+/]|$)/.exec(text) ?? [];
  const place = { GPSLatitude: Number(latitude), GPSLongitude: Number(longitude) };
  return Math.abs(place.GPSLatitude) <= 90 && Math.abs(place.GPSLongitude) <= 180 ? place : undefined;
}
