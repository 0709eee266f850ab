"""A WordPress to be played with: a site as a value with operations, its REST API and pages, and a real server."""
