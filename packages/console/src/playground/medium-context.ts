import { createContext } from "react";

/** What is transformed in the playground: its parameters differ. */
export const MediumContext = createContext<"picture" | "video">("picture");
