import { describeEngines } from "../../testing/engines.ts";
import { testManyFolders } from "./testing/many-folders.ts";

describeEngines(testManyFolders);
