# Debian's default.vcl: the built-in rules and an origin.
vcl 4.1;
backend origin {
  .host = "{origin_host}";
  .port = "{origin_port}";
}
