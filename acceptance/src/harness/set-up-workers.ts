import { connectAfresh } from "./connect-afresh.ts";
import { oneProcessOnly } from "./one-process-only.ts";
import { skipLeftOut } from "./skip-left-out.ts";

skipLeftOut(oneProcessOnly);
connectAfresh();
