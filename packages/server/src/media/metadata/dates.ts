const exifDate = /^(\d{4})[:-](\d\d)[:-](\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?/;
/** An offset of hours and minutes that a clock can show. Any other text that looks like one counts as no offset. */
const offset = /^([+-])([01]\d|2[0-3]):?([0-5]\d)$/;

/**
 * Converts EXIF's `2008:05:30 15:56:01` to ISO 8601. Without an offset the time counts as UTC, because nobody knows
 * where the camera was.
 * @param zone such as `+02:00`
 * @param fraction the digits behind the decimal point of the seconds
 */
export function isoFromExif(text: string, zone?: string, fraction?: string): string | undefined {
  const [, year, month, day, hour = "00", minute = "00", second = "00"] = exifDate.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const milliseconds = /^\d+$/.test(fraction ?? "") ? `${fraction}00`.slice(0, 3) : "000";
  return isoOf(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${zoneOf(zone)}`);
}

/** Converts IPTC's `20191016` to ISO 8601. */
export function isoFromIptc(text: string): string | undefined {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? [];
  return year === undefined ? undefined : isoOf(`${year}-${month}-${day}T00:00:00.000Z`);
}

const xmpDate = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:\d\d)?)?$/;

/** Converts an XMP date, which is ISO 8601 with parts left out, to full ISO 8601; undefined for any other text. */
export function isoFromXmp(text: string): string | undefined {
  const [, day, time = "00:00", zone] = xmpDate.exec(text) ?? [];
  return day === undefined ? undefined : isoOf(`${day}T${time}${zoneOf(zone)}`);
}

function zoneOf(zone: string | undefined): string {
  const [, sign, hours, minutes] = offset.exec(zone ?? "") ?? [];
  return sign === undefined ? "Z" : `${sign}${hours}:${minutes}`;
}

function isoOf(text: string): string | undefined {
  const date = text.slice(0, "2026-01-01".length);
  const day = Date.parse(date);
  // The JavaScript engine takes the 30th of February for a day in March.
  if (Number.isNaN(day) || !new Date(day).toISOString().startsWith(date)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
