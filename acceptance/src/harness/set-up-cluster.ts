import { embeddedOnly } from "./embedded-only.ts";
import { skipLeftOut } from "./skip-left-out.ts";

skipLeftOut(embeddedOnly);
