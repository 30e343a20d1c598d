"""The door for programs: `/api/v1`, assembled from the routers of the rooms."""
