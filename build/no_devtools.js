// Stands in the binary for react-devtools-core, which is not installed and never wanted there.
export default { initialize() {}, connectToDevTools() {} };
