import { jobKind } from "../../jobs/job.ts";
import type { PostTransformationJob } from "./post-transformation.ts";

export const postTransformationKind = jobKind<PostTransformationJob>("post-transformation");
