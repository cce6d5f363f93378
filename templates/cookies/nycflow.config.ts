/** A kitchen. Everything here is optional; see the guide's chapter on configuration. */
import { defineConfig } from "nycflow";

export default defineConfig({ name: "cookies" });
