import { expect, test } from "vitest";
import { leadsInside } from "./leads-inside.ts";

test.each(["http://127.0.0.1/", "http://0x7f.1:8080/x", "http://[::1]/", "http://10.1.2.3/", "http://a.localhost/"])(
  "%s leads inside",
  (url) => expect(leadsInside(url)).toBe(true),
);

test.each(["https://example.com/", "https://8.8.8.8/", "https://localhost.example/", "https://[2606:4700::1]/"])(
  "of %s nobody can say so",
  (url) => expect(leadsInside(url)).toBe(false),
);
