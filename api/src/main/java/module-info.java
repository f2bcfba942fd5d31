/** What an application may tell Descry. */
module io.descry.api {
  exports io.descry.api;
}
