import { describe, expect, test } from "vitest";
import { isoFromExif, isoFromIptc, isoFromXmp } from "./dates.ts";

describe("a day that no month has is no date", () => {
  test.each(["2019:02:30", "2019:02:29 10:00:00", "2019:04:31 10:00:00", "0000:00:00 00:00:00", "2019:13:01"])(
    "of EXIF: %s",
    (text) => {
      expect(isoFromExif(text)).toBeUndefined();
      expect(isoFromIptc(text.slice(0, 10).replaceAll(":", ""))).toBeUndefined();
      expect(isoFromXmp(text.slice(0, 10).replaceAll(":", "-"))).toBeUndefined();
      expect(isoFromXmp(`${text.slice(0, 10).replaceAll(":", "-")}T10:00:00+02:00`)).toBeUndefined();
    },
  );

  test("the 29th of February is one in leap years", () => {
    expect(isoFromExif("2020:02:29")).toBe("2020-02-29T00:00:00.000Z");
    expect(isoFromIptc("20200229")).toBe("2020-02-29T00:00:00.000Z");
    expect(isoFromXmp("2020-02-29T00:00+01:00")).toBe("2020-02-28T23:00:00.000Z");
  });
});

test.each([
  ["+02:00", "08"],
  ["-0330", "13:30"],
  ["+25:00", "10"],
  ["+24:00", "10"],
  ["+02:60", "10"],
  ["+99:99", "10"],
  ["Z", "10"],
])("an offset that no zone has counts as none: %s", (zone, hours) => {
  const [hour = "", minute = "00"] = hours.split(":");
  const expected = `2019-10-16T${hour}:${minute}:00.000Z`;
  expect(isoFromExif("2019:10:16 10:00:00", zone)).toBe(expected);
  if (zone.includes(":")) expect(isoFromXmp(`2019-10-16T10:00${zone}`)).toBe(expected);
});
