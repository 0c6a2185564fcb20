import { expect, test } from "vitest";
import { randomDigits } from "./random-digits.ts";

test("each of 24 places holds each of 16 digits about as often", () => {
  const rounds = 4000;
  const counts = Array.from({ length: 24 }, () => new Map<string, number>());
  for (let round = 0; round < rounds; round++) {
    const digits = randomDigits();
    expect(digits).toMatch(/^[0-9a-f]{24}$/);
    [...digits].forEach((digit, place) => {
      const counted = counts[place];
      counted?.set(digit, (counted.get(digit) ?? 0) + 1);
    });
  }
  for (const counted of counts) {
    expect(counted.size).toBe(16);
    // Seven standard deviations from 250.
    for (const count of counted.values()) expect(Math.abs(count - rounds / 16)).toBeLessThan(108);
  }
});
