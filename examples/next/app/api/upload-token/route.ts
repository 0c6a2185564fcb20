export { uploadToken as POST } from "../../../../shared/upload-token.ts";
