import type { RecordedExample } from "./recorded-example.ts";

/** Answers of a server to `acceptance/src/schemas.test.ts`, written by `npm run examples`. */
export const recordedExamples: Readonly<Record<string, RecordedExample>> = {
  "create-new-field": {
    "request": {
      "name": "place",
      "label": "Place",
      "description": "Where it was taken",
      "schema": {
        "type": "Text",
        "defaultValue": "",
        "isValueRequired": false,
        "minLength": 0,
        "maxLength": 9
      }
    },
    "answers": {
      "201": {
        "id": "0fbdca979d729ff1c9c74edd",
        "name": "place",
        "label": "Place",
        "schema": {
          "type": "Text",
          "defaultValue": "",
          "isValueRequired": false,
          "minLength": 0,
          "maxLength": 9
        },
        "description": "Where it was taken"
      },
      "400": {
        "message": "Invalid field object",
        "help": "The member errors says what is wrong, by the name of the member of your body.",
        "reason": "CUSTOM_FIELD_INVALID",
        "errors": {
          "name": "should have 1 to 100 characters",
          "label": "should have 1 to 255 characters"
        }
      }
    }
  },
  "update-existing-field": {
    "request": {
      "label": "Where"
    },
    "answers": {
      "200": {
        "id": "0fbdca979d729ff1c9c74edd",
        "name": "place",
        "label": "Where",
        "schema": {
          "type": "Text",
          "defaultValue": "",
          "isValueRequired": false,
          "minLength": 0,
          "maxLength": 9
        },
        "description": "Where it was taken"
      }
    }
  },
  "list-all-fields": {
    "answers": {
      "200": [
        {
          "id": "0fbdca979d729ff1c9c74edd",
          "name": "place",
          "label": "Where",
          "schema": {
            "type": "Text",
            "defaultValue": "",
            "isValueRequired": false,
            "minLength": 0,
            "maxLength": 9
          },
          "description": "Where it was taken"
        },
        {
          "id": "8ee89711330c1ccf39a2e65a",
          "name": "size",
          "label": "Size",
          "schema": {
            "type": "MultiSelect",
            "selectOptions": [
              "S",
              1,
              true
            ],
            "defaultValue": [
              "S"
            ],
            "isValueRequired": true
          }
        },
        {
          "id": "553295e4b848bee781c30a0c",
          "name": "day",
          "label": "Day",
          "schema": {
            "type": "Date",
            "minValue": "2026-01-01T00:00:00.000Z",
            "maxValue": "2027-01-01T00:00:00.000Z"
          }
        }
      ]
    }
  },
  "upload-file-v2": {
    "request": {
      "file": "‹the file's bytes›",
      "fileName": "balloon.jpg",
      "useUniqueFileName": false,
      "tags": [
        "red",
        "balloon"
      ],
      "description": "A red balloon",
      "responseFields": [
        "tags",
        "metadata"
      ]
    },
    "answers": {
      "200": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "name": "balloon.jpg",
        "size": 1251,
        "versionInfo": {
          "id": "0fbdca979d729ff1c9c74edd",
          "name": "Version 1"
        },
        "filePath": "/balloon.jpg",
        "url": "https://media.example/demo/balloon.jpg",
        "fileType": "image",
        "height": 40,
        "width": 60,
        "orientation": 6,
        "thumbnailUrl": "https://media.example/demo/tr:n-ik_ml_thumbnail/balloon.jpg",
        "AITags": null,
        "description": "A red balloon",
        "tags": [
          "red",
          "balloon"
        ],
        "metadata": {
          "height": 40,
          "width": 60,
          "size": 1251,
          "format": "jpg",
          "hasColorProfile": true,
          "quality": 95,
          "density": 25,
          "hasTransparency": false,
          "exif": {
            "image": {
              "Orientation": 6,
              "XResolution": 25.4,
              "YResolution": 25.4,
              "ResolutionUnit": 2,
              "YCbCrPositioning": 1,
              "ExifOffset": 102
            },
            "thumbnail": {},
            "exif": {
              "ExifVersion": "0210",
              "ComponentsConfiguration": "\u0001\u0002\u0003\u0000",
              "FlashpixVersion": "0100",
              "ColorSpace": 65535,
              "ExifImageWidth": 40,
              "ExifImageHeight": 60
            },
            "gps": {},
            "interoperability": {},
            "makernote": {}
          },
          "pHash": "e6e6e41931e6cc19"
        }
      },
      "400": {
        "message": "Your request has invalid token.",
        "help": "This is not a JSON Web Token: it has 1 part separated by dots, not 3.",
        "reason": "TOKEN_INVALID"
      }
    }
  },
  "upload-file": {
    "request": {
      "file": "‹the file's bytes›",
      "fileName": "balloon.jpg",
      "useUniqueFileName": false
    },
    "answers": {
      "200": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "name": "balloon.jpg",
        "size": 268,
        "versionInfo": {
          "id": "8ee89711330c1ccf39a2e65a",
          "name": "Version 2"
        },
        "filePath": "/balloon.jpg",
        "url": "https://media.example/demo/balloon.jpg",
        "fileType": "image",
        "height": 4,
        "width": 6,
        "thumbnailUrl": "https://media.example/demo/tr:n-ik_ml_thumbnail/balloon.jpg",
        "AITags": null
      },
      "400": {
        "message": "Your request is missing fileName parameter.",
        "help": "Send the name under which the file is to be stored in the form field fileName.",
        "reason": "FILE_NAME_MISSING"
      }
    }
  },
  "ask-upload-outcome": {
    "request": {
      "token": "‹token›"
    },
    "answers": {
      "200": {
        "outcome": "stored",
        "response": {
          "fileId": "0fbdca979d729ff1c9c74edd",
          "name": "b_x1Y2z3W4v.txt",
          "size": 4,
          "versionInfo": {
            "id": "0fbdca979d729ff1c9c74edd",
            "name": "Version 1"
          },
          "filePath": "/b_x1Y2z3W4v.txt",
          "url": "https://media.example/demo/b_x1Y2z3W4v.txt",
          "fileType": "non-image",
          "AITags": null
        }
      }
    }
  },
  "get-resumable-upload": {
    "answers": {
      "200": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "name": "pieces_x1Y2z3W4v.txt",
        "size": 10,
        "versionInfo": {
          "id": "0fbdca979d729ff1c9c74edd",
          "name": "Version 1"
        },
        "filePath": "/pieces_x1Y2z3W4v.txt",
        "url": "https://media.example/demo/pieces_x1Y2z3W4v.txt",
        "fileType": "non-image",
        "AITags": null
      },
      "202": {
        "offset": 5,
        "length": 10
      }
    }
  },
  "list-and-search-assets": {
    "answers": {
      "200": [
        {
          "fileId": "0fbdca979d729ff1c9c74edd",
          "type": "file",
          "name": "versions.jpg",
          "filePath": "/versions.jpg",
          "tags": [
            "red",
            "balloon"
          ],
          "AITags": null,
          "versionInfo": {
            "id": "8ee89711330c1ccf39a2e65a",
            "name": "Version 2"
          },
          "isPrivateFile": false,
          "isPublished": true,
          "customCoordinates": "0,0,1,1",
          "url": "https://media.example/demo/versions.jpg?updatedAt=1768469400000",
          "thumbnail": "https://media.example/demo/versions.jpg?updatedAt=1768469400000&tr=n-ik_ml_thumbnail",
          "fileType": "image",
          "mime": "image/jpeg",
          "width": 7,
          "height": 4,
          "size": 268,
          "hasAlpha": false,
          "customMetadata": {
            "place": "Rome"
          },
          "embeddedMetadata": null,
          "description": "A red balloon",
          "createdAt": "2026-01-15T09:30:00.000Z",
          "updatedAt": "2026-01-15T09:30:00.000Z"
        },
        {
          "fileId": "553295e4b848bee781c30a0c",
          "type": "file",
          "name": "balloon_x1Y2z3W4v.jpg",
          "filePath": "/balloon_x1Y2z3W4v.jpg",
          "tags": [
            "red",
            "balloon"
          ],
          "AITags": null,
          "versionInfo": {
            "id": "553295e4b848bee781c30a0c",
            "name": "Version 1"
          },
          "isPrivateFile": false,
          "isPublished": true,
          "customCoordinates": "0,0,1,1",
          "url": "https://media.example/demo/balloon_x1Y2z3W4v.jpg?updatedAt=1768469400000",
          "thumbnail": "https://media.example/demo/balloon_x1Y2z3W4v.jpg?updatedAt=1768469400000&tr=n-ik_ml_thumbnail",
          "fileType": "image",
          "mime": "image/jpeg",
          "width": 60,
          "height": 40,
          "size": 1251,
          "hasAlpha": false,
          "customMetadata": {
            "place": "Rome"
          },
          "embeddedMetadata": {
            "Orientation": "Rotate 90 CW",
            "XResolution": 25.4,
            "YResolution": 25.4,
            "ResolutionUnit": "inches",
            "ExifVersion": "0210",
            "ComponentsConfiguration": "Y,Cb,Cr,-",
            "FlashpixVersion": "0100",
            "ColorSpace": "Uncalibrated",
            "ExifImageWidth": 40,
            "ExifImageHeight": 60
          },
          "description": "A red balloon",
          "createdAt": "2026-01-15T09:30:00.000Z",
          "updatedAt": "2026-01-15T09:30:00.000Z"
        },
        {
          "fileId": "fd0fe62cd20e6923c737ebc8",
          "type": "file",
          "name": "balloon.jpg",
          "filePath": "/balloon.jpg",
          "tags": null,
          "AITags": null,
          "versionInfo": {
            "id": "c03a8b8fb97996492099484e",
            "name": "Version 2"
          },
          "isPrivateFile": false,
          "isPublished": true,
          "customCoordinates": null,
          "url": "https://media.example/demo/balloon.jpg?updatedAt=1768469400000",
          "thumbnail": "https://media.example/demo/balloon.jpg?updatedAt=1768469400000&tr=n-ik_ml_thumbnail",
          "fileType": "image",
          "mime": "image/jpeg",
          "width": 6,
          "height": 4,
          "size": 268,
          "hasAlpha": false,
          "customMetadata": {},
          "embeddedMetadata": null,
          "createdAt": "2026-01-15T09:30:00.000Z",
          "updatedAt": "2026-01-15T09:30:00.000Z"
        }
      ]
    }
  },
  "list-marks": {
    "answers": {
      "200": {
        "files": 5,
        "total": 5,
        "marks": [
          "b_x1Y2z3W4v.txt",
          "balloon.jpg",
          "balloon_x1Y2z3W4v.jpg",
          "pieces_x1Y2z3W4v.txt",
          "versions.jpg"
        ]
      }
    }
  },
  "get-file-details": {
    "answers": {
      "200": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "type": "file",
        "name": "versions.jpg",
        "filePath": "/versions.jpg",
        "tags": [
          "red",
          "balloon"
        ],
        "AITags": null,
        "versionInfo": {
          "id": "8ee89711330c1ccf39a2e65a",
          "name": "Version 2"
        },
        "isPrivateFile": false,
        "isPublished": true,
        "customCoordinates": "0,0,1,1",
        "url": "https://media.example/demo/versions.jpg?updatedAt=1768469400000",
        "fileType": "image",
        "mime": "image/jpeg",
        "size": 268,
        "customMetadata": {
          "place": "Rome"
        },
        "embeddedMetadata": null,
        "createdAt": "2026-01-15T09:30:00.000Z",
        "updatedAt": "2026-01-15T09:30:00.000Z",
        "thumbnail": "https://media.example/demo/versions.jpg?updatedAt=1768469400000&tr=n-ik_ml_thumbnail",
        "width": 7,
        "height": 4,
        "hasAlpha": false,
        "description": "A red balloon"
      },
      "404": {
        "message": "The requested file does not exist.",
        "help": "Check the fileId.",
        "reason": "FILE_NOT_FOUND"
      }
    }
  },
  "create-zip-download": {
    "request": {
      "fileIds": [
        "0fbdca979d729ff1c9c74edd"
      ]
    },
    "answers": {
      "201": {
        "url": "https://media.example/_sluice/zip-downloads?ticket=0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
        "fileName": "demo.zip",
        "files": 1,
        "bytes": 268,
        "expiresAt": "2026-01-15T09:30:00.000Z"
      }
    }
  },
  "get-uploaded-file-metadata": {
    "answers": {
      "200": {
        "height": 4,
        "width": 7,
        "size": 268,
        "format": "jpg",
        "hasColorProfile": false,
        "quality": 80,
        "hasTransparency": false,
        "exif": {
          "image": {},
          "thumbnail": {},
          "exif": {},
          "gps": {},
          "interoperability": {},
          "makernote": {}
        },
        "pHash": "8000000000000000"
      }
    }
  },
  "get-metadata-from-url": {
    "answers": {
      "200": {
        "height": 4,
        "width": 7,
        "size": 268,
        "format": "jpg",
        "hasColorProfile": false,
        "quality": 80,
        "hasTransparency": false,
        "exif": {
          "image": {},
          "thumbnail": {},
          "exif": {},
          "gps": {},
          "interoperability": {},
          "makernote": {}
        },
        "pHash": "8000000000000000"
      }
    }
  },
  "list-file-versions": {
    "answers": {
      "200": [
        {
          "fileId": "0fbdca979d729ff1c9c74edd",
          "type": "file",
          "name": "versions.jpg",
          "filePath": "/versions.jpg",
          "tags": [
            "red",
            "balloon"
          ],
          "AITags": null,
          "versionInfo": {
            "id": "8ee89711330c1ccf39a2e65a",
            "name": "Version 2"
          },
          "isPrivateFile": false,
          "isPublished": true,
          "customCoordinates": "0,0,1,1",
          "url": "https://media.example/demo/versions.jpg?updatedAt=1768469400000",
          "fileType": "image",
          "mime": "image/jpeg",
          "size": 268,
          "customMetadata": {
            "place": "Rome"
          },
          "embeddedMetadata": null,
          "createdAt": "2026-01-15T09:30:00.000Z",
          "updatedAt": "2026-01-15T09:30:00.000Z",
          "thumbnail": "https://media.example/demo/versions.jpg?updatedAt=1768469400000&tr=n-ik_ml_thumbnail",
          "width": 7,
          "height": 4,
          "hasAlpha": false,
          "description": "A red balloon"
        },
        {
          "fileId": "0fbdca979d729ff1c9c74edd",
          "type": "file-version",
          "name": "versions.jpg",
          "filePath": "/versions.jpg",
          "tags": [
            "red",
            "balloon"
          ],
          "AITags": null,
          "versionInfo": {
            "id": "0fbdca979d729ff1c9c74edd",
            "name": "Version 1"
          },
          "isPrivateFile": false,
          "isPublished": true,
          "customCoordinates": "0,0,1,1",
          "url": "https://media.example/demo/versions.jpg?ik-obj-version=tE5fURGr5px7l3Fwoca4G7OFVZ1ty_vs&updatedAt=1768469400000",
          "fileType": "image",
          "mime": "image/jpeg",
          "size": 268,
          "customMetadata": {
            "place": "Rome"
          },
          "embeddedMetadata": null,
          "createdAt": "2026-01-15T09:30:00.000Z",
          "updatedAt": "2026-01-15T09:30:00.000Z",
          "thumbnail": "https://media.example/demo/versions.jpg?ik-obj-version=tE5fURGr5px7l3Fwoca4G7OFVZ1ty_vs&updatedAt=1768469400000&tr=n-ik_ml_thumbnail",
          "width": 6,
          "height": 4,
          "hasAlpha": false,
          "description": "A red balloon"
        }
      ]
    }
  },
  "get-file-version-details": {
    "answers": {
      "200": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "type": "file-version",
        "name": "versions.jpg",
        "filePath": "/versions.jpg",
        "tags": [
          "red",
          "balloon"
        ],
        "AITags": null,
        "versionInfo": {
          "id": "0fbdca979d729ff1c9c74edd",
          "name": "Version 1"
        },
        "isPrivateFile": false,
        "isPublished": true,
        "customCoordinates": "0,0,1,1",
        "url": "https://media.example/demo/versions.jpg?ik-obj-version=tE5fURGr5px7l3Fwoca4G7OFVZ1ty_vs&updatedAt=1768469400000",
        "fileType": "image",
        "mime": "image/jpeg",
        "size": 268,
        "customMetadata": {
          "place": "Rome"
        },
        "embeddedMetadata": null,
        "createdAt": "2026-01-15T09:30:00.000Z",
        "updatedAt": "2026-01-15T09:30:00.000Z",
        "thumbnail": "https://media.example/demo/versions.jpg?ik-obj-version=tE5fURGr5px7l3Fwoca4G7OFVZ1ty_vs&updatedAt=1768469400000&tr=n-ik_ml_thumbnail",
        "width": 6,
        "height": 4,
        "hasAlpha": false,
        "description": "A red balloon"
      }
    }
  },
  "update-file-details": {
    "request": {
      "tags": [
        "red"
      ],
      "description": "A red balloon"
    },
    "answers": {
      "200": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "type": "file",
        "name": "versions.jpg",
        "filePath": "/versions.jpg",
        "tags": [
          "red"
        ],
        "AITags": null,
        "versionInfo": {
          "id": "8ee89711330c1ccf39a2e65a",
          "name": "Version 2"
        },
        "isPrivateFile": false,
        "isPublished": true,
        "customCoordinates": "0,0,1,1",
        "url": "https://media.example/demo/versions.jpg?updatedAt=1768469400000",
        "fileType": "image",
        "mime": "image/jpeg",
        "size": 268,
        "customMetadata": {
          "place": "Rome"
        },
        "embeddedMetadata": null,
        "createdAt": "2026-01-15T09:30:00.000Z",
        "updatedAt": "2026-01-15T09:30:00.000Z",
        "thumbnail": "https://media.example/demo/versions.jpg?updatedAt=1768469400000&tr=n-ik_ml_thumbnail",
        "width": 7,
        "height": 4,
        "hasAlpha": false,
        "description": "A red balloon"
      }
    }
  },
  "restore-file-version": {
    "answers": {
      "200": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "type": "file",
        "name": "versions.jpg",
        "filePath": "/versions.jpg",
        "tags": [
          "red",
          "balloon"
        ],
        "AITags": null,
        "versionInfo": {
          "id": "0fbdca979d729ff1c9c74edd",
          "name": "Version 1"
        },
        "isPrivateFile": false,
        "isPublished": false,
        "customCoordinates": "0,0,1,1",
        "url": "https://media.example/demo/versions.jpg?updatedAt=1768469400000",
        "fileType": "image",
        "mime": "image/jpeg",
        "size": 268,
        "customMetadata": {
          "place": "Rome"
        },
        "embeddedMetadata": null,
        "createdAt": "2026-01-15T09:30:00.000Z",
        "updatedAt": "2026-01-15T09:30:00.000Z",
        "thumbnail": "https://media.example/demo/versions.jpg?updatedAt=1768469400000&tr=n-ik_ml_thumbnail",
        "width": 6,
        "height": 4,
        "hasAlpha": false,
        "description": "A red balloon"
      }
    }
  },
  "copy-file": {
    "request": {
      "sourceFilePath": "/balloon.jpg",
      "destinationPath": "/copies",
      "includeFileVersions": true
    },
    "answers": {
      "400": {
        "message": "Your request is missing parameters / contains invalid parameters.",
        "help": "Send sourceFilePath, a text that is not empty.",
        "reason": "MISSING_PARAMETER"
      }
    }
  },
  "move-file": {
    "request": {
      "sourceFilePath": "/copies/balloon.jpg",
      "destinationPath": "/moved"
    },
    "answers": {}
  },
  "rename-file": {
    "request": {
      "filePath": "/moved/balloon.jpg",
      "newFileName": "red.jpg",
      "purgeCache": true
    },
    "answers": {
      "200": {
        "purgeRequestId": "0fbdca979d729ff1c9c74edd"
      }
    }
  },
  "add-tags-bulk": {
    "request": {
      "fileIds": [
        "0fbdca979d729ff1c9c74edd"
      ],
      "tags": [
        "ab"
      ]
    },
    "answers": {
      "200": {
        "successfullyUpdatedFileIds": [
          "0fbdca979d729ff1c9c74edd"
        ]
      },
      "207": {
        "successfullyUpdatedFileIds": [
          "0fbdca979d729ff1c9c74edd"
        ],
        "errors": [
          {
            "fileId": "8ee89711330c1ccf39a2e65a",
            "error": "Error in adding tags"
          }
        ]
      }
    }
  },
  "remove-tags-bulk": {
    "request": {
      "fileIds": [
        "0fbdca979d729ff1c9c74edd"
      ],
      "tags": [
        "ab"
      ]
    },
    "answers": {
      "200": {
        "successfullyUpdatedFileIds": [
          "0fbdca979d729ff1c9c74edd"
        ]
      }
    }
  },
  "remove-ai-tags-bulk": {
    "request": {
      "fileIds": [
        "0fbdca979d729ff1c9c74edd"
      ],
      "AITags": [
        "ab"
      ]
    },
    "answers": {
      "200": {
        "successfullyUpdatedFileIds": [
          "0fbdca979d729ff1c9c74edd"
        ]
      }
    }
  },
  "delete-multiple-files": {
    "request": {
      "fileIds": [
        "0fbdca979d729ff1c9c74edd"
      ]
    },
    "answers": {
      "200": {
        "successfullyDeletedFileIds": [
          "0fbdca979d729ff1c9c74edd"
        ]
      }
    }
  },
  "create-folder": {
    "request": {
      "folderName": "old",
      "parentFolderPath": "/folders"
    },
    "answers": {
      "201": {}
    }
  },
  "copy-folder": {
    "request": {
      "sourceFolderPath": "/folders/old",
      "destinationPath": "/folders/into",
      "includeVersions": true
    },
    "answers": {
      "200": {
        "jobId": "0fbdca979d729ff1c9c74edd"
      }
    }
  },
  "rename-folder": {
    "request": {
      "folderPath": "/folders/old",
      "newFolderName": "new",
      "purgeCache": true
    },
    "answers": {
      "202": {
        "jobId": "0fbdca979d729ff1c9c74edd"
      }
    }
  },
  "move-folder": {
    "request": {
      "sourceFolderPath": "/folders/new",
      "destinationPath": "/folders/into"
    },
    "answers": {
      "200": {
        "jobId": "0fbdca979d729ff1c9c74edd"
      }
    }
  },
  "bulk-job-status": {
    "answers": {
      "200": {
        "jobId": "0fbdca979d729ff1c9c74edd",
        "type": "MOVE_FOLDER",
        "status": "Completed",
        "done": 1,
        "total": 1
      }
    }
  },
  "delete-folder": {
    "request": {
      "folderPath": "/folders"
    },
    "answers": {}
  },
  "list-trash": {
    "answers": {
      "200": {
        "files": [
          {
            "fileId": "0fbdca979d729ff1c9c74edd",
            "name": "trashed.jpg",
            "filePath": "/trashed.jpg",
            "trashedAt": "2026-01-15T09:30:00.000Z",
            "purgeAt": "2026-01-15T09:30:00.000Z",
            "fileType": "image",
            "mime": "image/jpeg",
            "size": 268,
            "versions": 1,
            "totalSize": 268,
            "createdAt": "2026-01-15T09:30:00.000Z",
            "width": 6,
            "height": 4
          }
        ],
        "nextCursor": "1768469400000-0fbdca979d729ff1c9c74edd"
      }
    }
  },
  "restore-from-trash": {
    "request": {
      "fileIds": [
        "0fbdca979d729ff1c9c74edd"
      ]
    },
    "answers": {
      "200": {
        "restored": [
          {
            "fileId": "0fbdca979d729ff1c9c74edd",
            "restoredFileId": "0fbdca979d729ff1c9c74edd"
          }
        ]
      },
      "207": {
        "restored": [
          {
            "fileId": "0fbdca979d729ff1c9c74edd",
            "restoredFileId": "8ee89711330c1ccf39a2e65a"
          }
        ],
        "errors": [
          {
            "fileId": "553295e4b848bee781c30a0c",
            "message": "The file is not in the trash.",
            "help": "Check the fileId. The file may have been restored or deleted for good; GET /_sluice/trash lists what is there.",
            "reason": "FILE_NOT_IN_TRASH"
          }
        ]
      }
    }
  },
  "empty-trash": {
    "request": {
      "fileIds": [
        "0fbdca979d729ff1c9c74edd"
      ]
    },
    "answers": {
      "200": {
        "completed": true
      }
    }
  },
  "create-named-transformation": {
    "request": {
      "name": "small",
      "transformation": "w-9"
    },
    "answers": {
      "201": {
        "id": "0fbdca979d72",
        "name": "small",
        "transformation": "w-9",
        "enabled": true,
        "createdAt": "2026-01-15T09:30:00.000Z"
      }
    }
  },
  "get-named-transformation": {
    "answers": {
      "200": {
        "id": "0fbdca979d72",
        "name": "small",
        "transformation": "w-9",
        "enabled": true,
        "createdAt": "2026-01-15T09:30:00.000Z"
      }
    }
  },
  "update-named-transformation": {
    "request": {
      "enabled": false
    },
    "answers": {
      "200": {
        "id": "0fbdca979d72",
        "name": "small",
        "transformation": "w-9",
        "enabled": false,
        "createdAt": "2026-01-15T09:30:00.000Z"
      }
    }
  },
  "list-named-transformations": {
    "answers": {
      "200": [
        {
          "id": "ik_ml_thumbnail",
          "name": "ik_ml_thumbnail",
          "transformation": "w-400,h-400,c-at_max,q-70",
          "enabled": true,
          "createdAt": "1970-01-01T00:00:00.000Z"
        },
        {
          "id": "media_library_thumbnail",
          "name": "media_library_thumbnail",
          "transformation": "w-100,h-100,c-at_max,fo-auto",
          "enabled": true,
          "createdAt": "1970-01-01T00:00:00.000Z"
        },
        {
          "id": "0fbdca979d72",
          "name": "small",
          "transformation": "w-9",
          "enabled": false,
          "createdAt": "2026-01-15T09:30:00.000Z"
        }
      ]
    }
  },
  "create-extension": {
    "request": {
      "name": "Cutout",
      "description": "The background is removed",
      "config": {
        "name": "remove-bg",
        "options": {
          "add_shadow": true
        }
      }
    },
    "answers": {
      "201": {
        "id": "ext_0fbdca979d729ff1c9c74edd",
        "name": "Cutout",
        "description": "The background is removed",
        "config": {
          "name": "remove-bg",
          "options": {
            "add_shadow": true
          }
        },
        "createdAt": "2026-01-15T09:30:00.000Z",
        "updatedAt": "2026-01-15T09:30:00.000Z"
      }
    }
  },
  "get-extension": {
    "answers": {
      "200": {
        "id": "ext_0fbdca979d729ff1c9c74edd",
        "name": "Cutout",
        "description": "The background is removed",
        "config": {
          "name": "remove-bg",
          "options": {
            "add_shadow": true
          }
        },
        "createdAt": "2026-01-15T09:30:00.000Z",
        "updatedAt": "2026-01-15T09:30:00.000Z"
      }
    }
  },
  "update-extension": {
    "request": {
      "description": "With a shadow"
    },
    "answers": {
      "200": {
        "id": "ext_0fbdca979d729ff1c9c74edd",
        "name": "Cutout",
        "description": "With a shadow",
        "config": {
          "name": "remove-bg",
          "options": {
            "add_shadow": true
          }
        },
        "createdAt": "2026-01-15T09:30:00.000Z",
        "updatedAt": "2026-01-15T09:30:00.000Z"
      }
    }
  },
  "list-extensions": {
    "answers": {
      "200": [
        {
          "id": "ext_0fbdca979d729ff1c9c74edd",
          "name": "Cutout",
          "description": "With a shadow",
          "config": {
            "name": "remove-bg",
            "options": {
              "add_shadow": true
            }
          },
          "createdAt": "2026-01-15T09:30:00.000Z",
          "updatedAt": "2026-01-15T09:30:00.000Z"
        }
      ]
    }
  },
  "create-origin": {
    "request": {
      "type": "WEB_FOLDER",
      "name": "Web",
      "baseUrl": "https://www.example.com/"
    },
    "answers": {
      "201": {
        "id": "0fbdca979d729ff1c9c74edd",
        "name": "Web",
        "type": "WEB_FOLDER",
        "includeCanonicalHeader": false,
        "baseUrl": "https://www.example.com/",
        "forwardHostHeaderToOrigin": false
      }
    }
  },
  "get-origin": {
    "answers": {
      "200": {
        "id": "0fbdca979d729ff1c9c74edd",
        "name": "Web",
        "type": "WEB_FOLDER",
        "includeCanonicalHeader": false,
        "baseUrl": "https://www.example.com/",
        "forwardHostHeaderToOrigin": false
      }
    }
  },
  "update-origin": {
    "request": {
      "type": "WEB_PROXY",
      "name": "Proxy",
      "allowedHosts": [
        "a.example"
      ]
    },
    "answers": {
      "200": {
        "id": "0fbdca979d729ff1c9c74edd",
        "name": "Proxy",
        "type": "WEB_PROXY",
        "includeCanonicalHeader": false,
        "allowedHosts": [
          "a.example"
        ]
      }
    }
  },
  "list-origins": {
    "answers": {
      "200": [
        {
          "id": "0fbdca979d729ff1c9c74edd",
          "name": "Proxy",
          "type": "WEB_PROXY",
          "includeCanonicalHeader": false,
          "allowedHosts": [
            "a.example"
          ]
        }
      ]
    }
  },
  "create-url-endpoint": {
    "request": {
      "description": "Shop",
      "urlPrefix": "shop",
      "urlRewriter": {
        "type": "CLOUDINARY"
      }
    },
    "answers": {
      "201": {
        "id": "0fbdca979d729ff1c9c74edd",
        "description": "Shop",
        "urlPrefix": "shop",
        "origins": [],
        "urlRewriter": {
          "type": "CLOUDINARY",
          "preserveAssetDeliveryTypes": false
        }
      }
    }
  },
  "get-url-endpoint": {
    "answers": {
      "200": {
        "id": "0fbdca979d729ff1c9c74edd",
        "description": "Shop",
        "urlPrefix": "shop",
        "origins": [],
        "urlRewriter": {
          "type": "CLOUDINARY",
          "preserveAssetDeliveryTypes": false
        }
      }
    }
  },
  "update-url-endpoint": {
    "request": {
      "description": "Shop",
      "urlPrefix": "shop",
      "urlRewriter": {
        "type": "IMGIX"
      }
    },
    "answers": {
      "200": {
        "id": "0fbdca979d729ff1c9c74edd",
        "description": "Shop",
        "urlPrefix": "shop",
        "origins": [],
        "urlRewriter": {
          "type": "IMGIX"
        }
      }
    }
  },
  "list-url-endpoints": {
    "answers": {
      "200": [
        {
          "id": "default",
          "description": "Default URL-endpoint",
          "urlPrefix": "",
          "origins": []
        },
        {
          "id": "0fbdca979d729ff1c9c74edd",
          "description": "Shop",
          "urlPrefix": "shop",
          "origins": [],
          "urlRewriter": {
            "type": "IMGIX"
          }
        }
      ]
    }
  },
  "purge-cache": {
    "request": {
      "url": "https://media.example/demo/balloon.jpg*"
    },
    "answers": {
      "201": {
        "requestId": "0fbdca979d729ff1c9c74edd"
      }
    }
  },
  "purge-status": {
    "answers": {
      "200": {
        "status": "Completed"
      }
    }
  },
  "get-usage": {
    "answers": {
      "200": {
        "bandwidthBytes": 0,
        "mediaLibraryStorageBytes": 0,
        "videoProcessingUnitsCount": 0,
        "extensionUnitsCount": 0,
        "originalCacheStorageBytes": 0
      }
    }
  },
  "get-usage-analytics": {
    "answers": {
      "200": {
        "startDate": "2026-01-01",
        "endDate": "2026-01-31",
        "generatedAt": "2026-01-15T09:30:00.000Z",
        "requestCount": 0,
        "bandwidthBytes": 0,
        "statusCodes": [],
        "format": {
          "byRequests": [],
          "byBandwidth": []
        },
        "extensions": [],
        "cache": {
          "hitCount": 0,
          "missCount": 0,
          "errorCount": 0
        },
        "browser": {
          "byRequests": [],
          "byBandwidth": []
        },
        "country": {
          "byRequests": [],
          "byBandwidth": []
        },
        "device": {
          "byRequests": [],
          "byBandwidth": []
        },
        "errorReasons": [],
        "top404Assets": [],
        "topImages": {
          "byRequests": [],
          "byBandwidth": []
        },
        "topImageTransforms": {
          "byRequests": [],
          "byBandwidth": []
        },
        "topOtherAssets": {
          "byRequests": [],
          "byBandwidth": []
        },
        "topReferrers": {
          "byRequests": [],
          "byBandwidth": []
        },
        "topUserAgents": {
          "byRequests": [],
          "byBandwidth": []
        },
        "topVideos": {
          "byRequests": [],
          "byBandwidth": []
        },
        "topVideoTransforms": {
          "byRequests": [],
          "byBandwidth": []
        },
        "urlEndpoints": {
          "byRequests": [],
          "byBandwidth": []
        },
        "videoProcessing": []
      }
    }
  },
  "get-daily-usage": {
    "answers": {
      "200": {
        "days": [
          {
            "day": "2026-01-01",
            "uploadCount": 0,
            "uploadBytes": 0,
            "storedBytes": 0,
            "requestCount": 0,
            "bandwidthBytes": 0,
            "cacheHitCount": 0,
            "cacheMissCount": 0,
            "refusals": []
          },
          {
            "day": "2026-01-02",
            "uploadCount": 0,
            "uploadBytes": 0,
            "storedBytes": 0,
            "requestCount": 0,
            "bandwidthBytes": 0,
            "cacheHitCount": 0,
            "cacheMissCount": 0,
            "refusals": []
          }
        ]
      }
    }
  },
  "create-key-pair": {
    "request": {
      "role": "upload",
      "mayOverwrite": true
    },
    "answers": {
      "201": {
        "id": "0fbdca979d729ff1c9c74edd",
        "publicKey": "public_0123456789abcdefghijklmnopqr",
        "privateKey": "private_0123456789abcdefghijklmnopqrstuvwxyzABCD"
      }
    }
  },
  "list-key-pairs": {
    "answers": {
      "200": [
        {
          "id": "0fbdca979d729ff1c9c74edd",
          "publicKey": "public_0123456789abcdefghijklmnopqr",
          "role": "upload",
          "mayOverwrite": true,
          "origin": "generated",
          "createdAt": "2026-01-15T09:30:00.000Z",
          "expiresAt": null,
          "lastUsedOn": "2026-01-15"
        },
        {
          "id": "8ee89711330c1ccf39a2e65a",
          "publicKey": "public_test",
          "role": "full",
          "mayOverwrite": true,
          "origin": "configured",
          "createdAt": "2026-01-15T09:30:00.000Z",
          "expiresAt": null,
          "lastUsedOn": "2026-01-15"
        }
      ]
    }
  },
  "rotate-key-pair": {
    "request": {
      "graceHours": 1
    },
    "answers": {
      "201": {
        "id": "0fbdca979d729ff1c9c74edd",
        "publicKey": "public_0123456789abcdefghijklmnopqr",
        "privateKey": "private_0123456789abcdefghijklmnopqrstuvwxyzABCD"
      }
    }
  },
  "check-token": {
    "request": {
      "token": "‹token›",
      "form": [
        {
          "name": "fileName",
          "value": "balloon.jpg"
        },
        {
          "name": "folder",
          "value": "party"
        }
      ]
    },
    "answers": {
      "200": {
        "refusal": {
          "status": 400,
          "reason": "PAYLOAD_MISMATCH",
          "message": "Your request contains invalid payload. It does not match with the payload used to generate token.",
          "help": "The text fields of the form, apart from file and token, must be exactly the token's claims, apart from iat and exp. They differ: with another value in the form than in the token: folder. `sluice token inspect` shows both sides' values."
        },
        "publicKey": "public_test",
        "issuedAt": "2026-01-15T09:30:00.000Z",
        "expiresAt": "2026-01-15T09:30:00.000Z",
        "rules": [
          {
            "rule": "format",
            "outcome": "passed",
            "problems": []
          },
          {
            "rule": "header",
            "outcome": "passed",
            "problems": []
          },
          {
            "rule": "key",
            "outcome": "passed",
            "problems": []
          },
          {
            "rule": "signature",
            "outcome": "passed",
            "problems": []
          },
          {
            "rule": "lifetime",
            "outcome": "passed",
            "problems": []
          },
          {
            "rule": "use",
            "outcome": "passed",
            "problems": []
          },
          {
            "rule": "form",
            "outcome": "failed",
            "problems": [
              "folder differs in its leading and trailing slashes alone: the token says \"/party\", the form \"party\"."
            ]
          },
          {
            "rule": "values",
            "outcome": "passed",
            "problems": []
          }
        ],
        "parameters": [
          {
            "name": "fileName",
            "outcome": "same",
            "inToken": "balloon.jpg",
            "inForm": "balloon.jpg"
          },
          {
            "name": "folder",
            "outcome": "different",
            "inToken": "/party",
            "inForm": "party"
          }
        ]
      }
    }
  },
  "list-refusals": {
    "answers": {
      "200": {
        "refusals": [
          {
            "at": "2026-01-15T09:30:00.000Z",
            "requestId": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
            "kind": "upload",
            "operation": "upload-file-v2",
            "status": 400,
            "reason": "PAYLOAD_MISMATCH",
            "message": "Your request contains invalid payload. It does not match with the payload used to generate token.",
            "help": "The text fields of the form, apart from file and token, must be exactly the token's claims, apart from iat and exp. They differ: in the token, but not in the form: folder. `sluice token inspect` shows both sides' values.",
            "parameter": null,
            "proven": true
          }
        ],
        "asked": {
          "node": "4f1e09db",
          "processes": 1,
          "silent": 0
        }
      }
    }
  },
  "create-webhook-endpoint": {
    "request": {
      "url": "https://app.example/hooks",
      "events": [
        "file.created",
        "file.deleted"
      ]
    },
    "answers": {
      "201": {
        "id": "0fbdca979d729ff1c9c74edd",
        "url": "https://app.example/hooks",
        "events": [
          "file.created",
          "file.deleted"
        ],
        "status": "enabled",
        "origin": "added",
        "createdAt": "2026-01-15T09:30:00.000Z",
        "secret": "‹secret›"
      }
    }
  },
  "change-webhook-endpoint": {
    "request": {
      "events": [
        "file.created"
      ]
    },
    "answers": {
      "200": {
        "id": "0fbdca979d729ff1c9c74edd",
        "url": "https://media.example/added",
        "events": [
          "file.created"
        ],
        "status": "enabled",
        "origin": "added",
        "createdAt": "2026-01-15T09:30:00.000Z"
      }
    }
  },
  "list-webhook-endpoints": {
    "answers": {
      "200": [
        {
          "id": "0fbdca979d729ff1c9c74edd",
          "url": "https://media.example/account",
          "events": null,
          "status": "enabled",
          "origin": "configured",
          "createdAt": "2026-01-15T09:30:00.000Z"
        },
        {
          "id": "8ee89711330c1ccf39a2e65a",
          "url": "https://media.example/added",
          "events": [
            "file.created"
          ],
          "status": "enabled",
          "origin": "added",
          "createdAt": "2026-01-15T09:30:00.000Z"
        }
      ]
    }
  },
  "test-webhook-endpoint": {
    "answers": {
      "200": {
        "id": "0fbdca979d729ff1c9c74edd",
        "endpointId": "8ee89711330c1ccf39a2e65a",
        "eventId": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
        "eventType": "webhook.test",
        "attempt": 1,
        "sentAt": "2026-01-15T09:30:00.000Z",
        "durationMs": 12,
        "status": 200,
        "error": null,
        "request": {
          "url": "https://media.example/added",
          "headers": [
            {
              "name": "content-type",
              "value": "application/json"
            },
            {
              "name": "user-agent",
              "value": "sluice-webhooks"
            },
            {
              "name": "webhook-id",
              "value": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d"
            },
            {
              "name": "webhook-timestamp",
              "value": "1768469400"
            }
          ],
          "body": "{\"id\":\"0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d\",\"type\":\"webhook.test\",\"created_at\":\"2026-01-15T09:30:00.000Z\",\"data\":{}}",
          "bodyBytes": 117,
          "isCut": false
        },
        "answer": {
          "headers": [
            {
              "name": "date",
              "value": "Thu, 15 Jan 2026 09:30:00 GMT"
            },
            {
              "name": "connection",
              "value": "keep-alive"
            },
            {
              "name": "keep-alive",
              "value": "timeout=5"
            },
            {
              "name": "content-length",
              "value": "6"
            }
          ],
          "body": "thanks",
          "isCut": false
        }
      }
    }
  },
  "list-webhook-attempts": {
    "answers": {
      "200": {
        "attempts": [
          {
            "id": "0fbdca979d729ff1c9c74edd",
            "endpointId": "8ee89711330c1ccf39a2e65a",
            "eventId": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
            "eventType": "webhook.test",
            "attempt": 1,
            "sentAt": "2026-01-15T09:30:00.000Z",
            "durationMs": 12,
            "status": 200,
            "error": null
          }
        ],
        "nextCursor": null
      }
    }
  },
  "get-webhook-attempt": {
    "answers": {
      "200": {
        "id": "0fbdca979d729ff1c9c74edd",
        "endpointId": "8ee89711330c1ccf39a2e65a",
        "eventId": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
        "eventType": "webhook.test",
        "attempt": 1,
        "sentAt": "2026-01-15T09:30:00.000Z",
        "durationMs": 12,
        "status": 200,
        "error": null,
        "request": {
          "url": "https://media.example/added",
          "headers": [
            {
              "name": "content-type",
              "value": "application/json"
            },
            {
              "name": "user-agent",
              "value": "sluice-webhooks"
            },
            {
              "name": "webhook-id",
              "value": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d"
            },
            {
              "name": "webhook-timestamp",
              "value": "1768469400"
            }
          ],
          "body": "{\"id\":\"0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d\",\"type\":\"webhook.test\",\"created_at\":\"2026-01-15T09:30:00.000Z\",\"data\":{}}",
          "bodyBytes": 117,
          "isCut": false
        },
        "answer": {
          "headers": [
            {
              "name": "date",
              "value": "Thu, 15 Jan 2026 09:30:00 GMT"
            },
            {
              "name": "connection",
              "value": "keep-alive"
            },
            {
              "name": "keep-alive",
              "value": "timeout=5"
            },
            {
              "name": "content-length",
              "value": "6"
            }
          ],
          "body": "thanks",
          "isCut": false
        }
      }
    }
  },
  "replay-webhook-event": {
    "request": {
      "eventId": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d"
    },
    "answers": {}
  },
  "list-jobs": {
    "answers": {
      "200": {
        "jobs": [],
        "nextCursor": null
      }
    }
  },
  "count-jobs": {
    "answers": {
      "200": {
        "queues": [
          {
            "name": "purge-files",
            "waiting": 0,
            "running": 0,
            "failed": 0,
            "oldestDueAt": null
          },
          {
            "name": "folder-job",
            "waiting": 0,
            "running": 0,
            "failed": 0,
            "oldestDueAt": null
          },
          {
            "name": "empty-trash",
            "waiting": 0,
            "running": 0,
            "failed": 0,
            "oldestDueAt": null
          },
          {
            "name": "run-extension",
            "waiting": 0,
            "running": 0,
            "failed": 0,
            "oldestDueAt": null
          },
          {
            "name": "post-transformation",
            "waiting": 0,
            "running": 0,
            "failed": 0,
            "oldestDueAt": null
          },
          {
            "name": "ai-picture",
            "waiting": 0,
            "running": 0,
            "failed": 0,
            "oldestDueAt": null
          },
          {
            "name": "deliver-webhook",
            "waiting": 0,
            "running": 0,
            "failed": 0,
            "oldestDueAt": null
          }
        ],
        "isComplete": true
      }
    }
  },
  "retry-jobs": {
    "request": {
      "name": "deliver-webhook"
    },
    "answers": {
      "200": {
        "retried": 0
      }
    }
  },
  "get-delivery-switches": {
    "answers": {
      "200": {
        "switches": {
          "plainImages": "optimised",
          "bestFormat": true,
          "avif": false,
          "quality": 80,
          "dataSaver": false,
          "stripMetadata": true,
          "stripProfile": true,
          "autoOrient": true,
          "chromaSubsampling": "auto",
          "pngCompression": "lossy",
          "restrictUnsignedImages": "off",
          "restrictUnsignedVideos": "off",
          "privateThumbnails": "signed",
          "restrictUnnamed": false,
          "unknownParameters": "refuse",
          "sharedCacheSeconds": 60,
          "clientAddresses": [],
          "referrers": [],
          "userAgents": [],
          "countries": []
        },
        "defaults": {
          "plainImages": "optimised",
          "bestFormat": true,
          "avif": false,
          "quality": 80,
          "dataSaver": false,
          "stripMetadata": true,
          "stripProfile": true,
          "autoOrient": true,
          "chromaSubsampling": "auto",
          "pngCompression": "lossy",
          "restrictUnsignedImages": "off",
          "restrictUnsignedVideos": "off",
          "privateThumbnails": "signed",
          "restrictUnnamed": false,
          "unknownParameters": "refuse",
          "sharedCacheSeconds": 60,
          "clientAddresses": [],
          "referrers": [],
          "userAgents": [],
          "countries": []
        }
      }
    }
  },
  "change-delivery-switches": {
    "request": {
      "quality": 75,
      "referrers": [
        "*.example.com"
      ]
    },
    "answers": {
      "200": {
        "switches": {
          "plainImages": "optimised",
          "bestFormat": true,
          "avif": false,
          "quality": 75,
          "dataSaver": false,
          "stripMetadata": true,
          "stripProfile": true,
          "autoOrient": true,
          "chromaSubsampling": "auto",
          "pngCompression": "lossy",
          "restrictUnsignedImages": "off",
          "restrictUnsignedVideos": "off",
          "privateThumbnails": "signed",
          "restrictUnnamed": false,
          "unknownParameters": "refuse",
          "sharedCacheSeconds": 60,
          "clientAddresses": [],
          "referrers": [
            "*.example.com"
          ],
          "userAgents": [],
          "countries": []
        },
        "defaults": {
          "plainImages": "optimised",
          "bestFormat": true,
          "avif": false,
          "quality": 80,
          "dataSaver": false,
          "stripMetadata": true,
          "stripProfile": true,
          "autoOrient": true,
          "chromaSubsampling": "auto",
          "pngCompression": "lossy",
          "restrictUnsignedImages": "off",
          "restrictUnsignedVideos": "off",
          "privateThumbnails": "signed",
          "restrictUnnamed": false,
          "unknownParameters": "refuse",
          "sharedCacheSeconds": 60,
          "clientAddresses": [],
          "referrers": [],
          "userAgents": [],
          "countries": []
        }
      }
    }
  },
  "get-health": {
    "answers": {
      "200": {
        "status": "ok",
        "version": "0.1.0",
        "checks": {
          "server": "ok",
          "database": "ok",
          "storage": "ok"
        }
      }
    }
  },
  "get-liveness": {
    "answers": {
      "200": {
        "status": "ok",
        "version": "0.1.0"
      }
    }
  },
  "get-health-report": {
    "answers": {
      "200": {
        "status": "ok",
        "version": "0.1.0",
        "checkedAt": "2026-01-15T09:30:00.000Z",
        "parts": [
          {
            "name": "server",
            "state": "ok",
            "latencyMs": null,
            "freeBytes": null
          },
          {
            "name": "database",
            "state": "ok",
            "latencyMs": 12,
            "freeBytes": 53687091200
          },
          {
            "name": "storage",
            "state": "ok",
            "latencyMs": 12,
            "freeBytes": 53687091200
          },
          {
            "name": "spool",
            "state": "ok",
            "latencyMs": 12,
            "freeBytes": 53687091200
          },
          {
            "name": "queue",
            "state": "ok",
            "latencyMs": 12,
            "freeBytes": null
          },
          {
            "name": "images",
            "state": "ok",
            "latencyMs": 12,
            "freeBytes": null,
            "isolation": "no-network"
          }
        ]
      }
    }
  },
  "sweep-contents": {
    "request": {},
    "answers": {
      "200": {
        "contents": 1,
        "bytes": 268,
        "heldUntil": null,
        "nextCursor": null
      }
    }
  },
  "list-tags": {
    "answers": {
      "200": {
        "tags": [
          "meadow"
        ]
      }
    }
  },
  "make-previews": {
    "request": {
      "versionIds": [
        "0fbdca979d729ff1c9c74edd"
      ]
    },
    "answers": {
      "200": {
        "previews": [
          {
            "versionId": "0fbdca979d729ff1c9c74edd",
            "url": "https://media.example/_sluice/previews/demo/0fbdca979d729ff1c9c74edd?expires=1768470000&signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
          }
        ],
        "missing": [],
        "expiresAt": "2026-01-15T09:30:00.000Z"
      }
    }
  },
  "sign-urls": {
    "request": {
      "fileId": "0fbdca979d729ff1c9c74edd",
      "transformations": [
        "",
        "w-300"
      ],
      "expireSeconds": 3600
    },
    "answers": {
      "200": {
        "urls": [
          {
            "transformation": "",
            "url": "https://media.example/demo/meadow_x1Y2z3W4v.jpg?updatedAt=1768469400000&ik-t=1768473000&ik-s=0123456789abcdef0123456789abcdef01234567"
          },
          {
            "transformation": "w-300",
            "url": "https://media.example/demo/meadow_x1Y2z3W4v.jpg?updatedAt=1768469400000&tr=w-300&ik-t=1768473000&ik-s=0123456789abcdef0123456789abcdef01234567"
          }
        ],
        "expiresAt": "2026-01-15T09:30:00.000Z"
      }
    }
  },
  "sign-in-to-console": {
    "request": {
      "publicKey": "public_demo",
      "privateKey": "private_demo"
    },
    "answers": {
      "201": {
        "session": {
          "id": "0fbdca979d729ff1c9c74edd",
          "role": "full",
          "publicKey": "public_test",
          "createdAt": "2026-01-15T09:30:00.000Z",
          "idleSeconds": 43200,
          "endsAt": "2026-01-15T09:30:00.000Z"
        },
        "account": {
          "imagekitId": "demo",
          "urlEndpoint": "https://media.example/demo"
        },
        "limits": {
          "fileBytes": 26214400,
          "videoBytes": 314572800
        },
        "delivery": {
          "plainImages": "optimised",
          "bestFormat": true,
          "avif": false,
          "quality": 80,
          "dataSaver": false,
          "stripMetadata": true,
          "stripProfile": true,
          "autoOrient": true,
          "chromaSubsampling": "auto",
          "pngCompression": "lossy",
          "restrictUnsignedImages": "off",
          "restrictUnsignedVideos": "off",
          "privateThumbnails": "signed",
          "restrictUnnamed": false,
          "unknownParameters": "refuse",
          "sharedCacheSeconds": 60,
          "clientAddresses": [],
          "referrers": [],
          "userAgents": [],
          "countries": []
        },
        "features": {
          "trashDays": 7,
          "virusScan": false,
          "extensions": [
            "does",
            "refuses"
          ],
          "demo": true
        },
        "sharesOrigin": true
      }
    }
  },
  "get-console-session": {
    "answers": {
      "200": {
        "session": {
          "id": "0fbdca979d729ff1c9c74edd",
          "role": "full",
          "publicKey": "public_test",
          "createdAt": "2026-01-15T09:30:00.000Z",
          "idleSeconds": 43200,
          "endsAt": "2026-01-15T09:30:00.000Z"
        },
        "account": {
          "imagekitId": "demo",
          "urlEndpoint": "https://media.example/demo"
        },
        "limits": {
          "fileBytes": 26214400,
          "videoBytes": 314572800
        },
        "delivery": {
          "plainImages": "optimised",
          "bestFormat": true,
          "avif": false,
          "quality": 80,
          "dataSaver": false,
          "stripMetadata": true,
          "stripProfile": true,
          "autoOrient": true,
          "chromaSubsampling": "auto",
          "pngCompression": "lossy",
          "restrictUnsignedImages": "off",
          "restrictUnsignedVideos": "off",
          "privateThumbnails": "signed",
          "restrictUnnamed": false,
          "unknownParameters": "refuse",
          "sharedCacheSeconds": 60,
          "clientAddresses": [],
          "referrers": [],
          "userAgents": [],
          "countries": []
        },
        "features": {
          "trashDays": 7,
          "virusScan": false,
          "extensions": [
            "does",
            "refuses"
          ],
          "demo": true
        },
        "sharesOrigin": true
      }
    }
  },
  "mint-console-token": {
    "request": {
      "uploadPayload": {
        "fileName": "a.jpg"
      },
      "expire": 60
    },
    "answers": {
      "200": {
        "token": "‹token›"
      }
    }
  },
  "list-console-sessions": {
    "answers": {
      "200": [
        {
          "id": "0fbdca979d729ff1c9c74edd",
          "role": "full",
          "publicKey": "public_test",
          "current": true,
          "client": "node",
          "createdAt": "2026-01-15T09:30:00.000Z",
          "lastSeenAt": "2026-01-15T09:30:00.000Z",
          "endsAt": "2026-01-15T09:30:00.000Z"
        }
      ]
    }
  },
  "file-version-created": {
    "request": {
      "id": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
      "type": "file-version.created",
      "created_at": "2026-01-15T09:30:00.000Z",
      "data": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "type": "file",
        "name": "balloon.jpg",
        "filePath": "/balloon.jpg",
        "tags": null,
        "AITags": null,
        "versionInfo": {
          "id": "8ee89711330c1ccf39a2e65a",
          "name": "Version 2"
        },
        "isPrivateFile": false,
        "isPublished": true,
        "customCoordinates": null,
        "url": "https://media.example/demo/balloon.jpg?updatedAt=1768469400000",
        "thumbnail": "https://media.example/demo/balloon.jpg?updatedAt=1768469400000&tr=n-ik_ml_thumbnail",
        "fileType": "image",
        "mime": "image/jpeg",
        "width": 6,
        "height": 4,
        "size": 268,
        "hasAlpha": false,
        "customMetadata": {},
        "embeddedMetadata": null,
        "createdAt": "2026-01-15T09:30:00.000Z",
        "updatedAt": "2026-01-15T09:30:00.000Z"
      }
    },
    "answers": {}
  },
  "file-version-deleted": {
    "request": {
      "id": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
      "type": "file-version.deleted",
      "created_at": "2026-01-15T09:30:00.000Z",
      "data": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "versionId": "8ee89711330c1ccf39a2e65a"
      }
    },
    "answers": {}
  },
  "file-created": {
    "request": {
      "id": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
      "type": "file.created",
      "created_at": "2026-01-15T09:30:00.000Z",
      "data": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "type": "file",
        "name": "balloon.jpg",
        "filePath": "/balloon.jpg",
        "tags": [
          "red",
          "balloon"
        ],
        "AITags": null,
        "versionInfo": {
          "id": "0fbdca979d729ff1c9c74edd",
          "name": "Version 1"
        },
        "isPrivateFile": false,
        "isPublished": true,
        "customCoordinates": null,
        "url": "https://media.example/demo/balloon.jpg?updatedAt=1768469400000",
        "thumbnail": "https://media.example/demo/balloon.jpg?updatedAt=1768469400000&tr=n-ik_ml_thumbnail",
        "fileType": "image",
        "mime": "image/jpeg",
        "width": 60,
        "height": 40,
        "size": 1251,
        "hasAlpha": false,
        "customMetadata": {},
        "embeddedMetadata": {
          "Orientation": "Rotate 90 CW",
          "XResolution": 25.4,
          "YResolution": 25.4,
          "ResolutionUnit": "inches",
          "ExifVersion": "0210",
          "ComponentsConfiguration": "Y,Cb,Cr,-",
          "FlashpixVersion": "0100",
          "ColorSpace": "Uncalibrated",
          "ExifImageWidth": 40,
          "ExifImageHeight": 60
        },
        "description": "A red balloon",
        "createdAt": "2026-01-15T09:30:00.000Z",
        "updatedAt": "2026-01-15T09:30:00.000Z"
      }
    },
    "answers": {}
  },
  "file-deleted": {
    "request": {
      "id": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
      "type": "file.deleted",
      "created_at": "2026-01-15T09:30:00.000Z",
      "data": {
        "fileId": "0fbdca979d729ff1c9c74edd"
      }
    },
    "answers": {}
  },
  "file-updated": {
    "request": {
      "id": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
      "type": "file.updated",
      "created_at": "2026-01-15T09:30:00.000Z",
      "data": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "type": "file",
        "name": "balloon.jpg",
        "filePath": "/balloon.jpg",
        "tags": null,
        "AITags": null,
        "versionInfo": {
          "id": "8ee89711330c1ccf39a2e65a",
          "name": "Version 2"
        },
        "isPrivateFile": false,
        "isPublished": true,
        "customCoordinates": null,
        "url": "https://media.example/demo/balloon.jpg?updatedAt=1768469400000",
        "thumbnail": "https://media.example/demo/balloon.jpg?updatedAt=1768469400000&tr=n-ik_ml_thumbnail",
        "fileType": "image",
        "mime": "image/jpeg",
        "width": 6,
        "height": 4,
        "size": 268,
        "hasAlpha": false,
        "customMetadata": {},
        "embeddedMetadata": null,
        "createdAt": "2026-01-15T09:30:00.000Z",
        "updatedAt": "2026-01-15T09:30:00.000Z"
      }
    },
    "answers": {}
  },
  "sluice-trash-added": {
    "request": {
      "id": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
      "type": "sluice.trash.added",
      "created_at": "2026-01-15T09:30:00.000Z",
      "data": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "name": "versions.jpg",
        "filePath": "/versions.jpg",
        "trashedAt": "2026-01-15T09:30:00.000Z",
        "purgeAt": "2026-01-15T09:30:00.000Z"
      }
    },
    "answers": {}
  },
  "sluice-trash-deleted": {
    "request": {
      "id": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
      "type": "sluice.trash.deleted",
      "created_at": "2026-01-15T09:30:00.000Z",
      "data": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "filePath": "/trashed.jpg"
      }
    },
    "answers": {}
  },
  "sluice-trash-restored": {
    "request": {
      "id": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
      "type": "sluice.trash.restored",
      "created_at": "2026-01-15T09:30:00.000Z",
      "data": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "restoredFileId": "0fbdca979d729ff1c9c74edd",
        "filePath": "/trashed.jpg"
      }
    },
    "answers": {}
  },
  "upload-post-transform-error": {
    "request": {
      "id": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
      "type": "upload.post-transform.error",
      "created_at": "2026-01-15T09:30:00.000Z",
      "request": {
        "x_request_id": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
        "transformation": {
          "type": "transformation",
          "value": "w-65000,h-65000"
        }
      },
      "data": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "url": "https://media.example/demo/pre_x1Y2z3W4v.jpg?tr=w-65000,h-65000",
        "name": "pre_x1Y2z3W4v.jpg",
        "path": "/pre_x1Y2z3W4v.jpg",
        "transformation": {
          "error": {
            "reason": "encoding_failed"
          }
        }
      }
    },
    "answers": {}
  },
  "upload-post-transform-success": {
    "request": {
      "id": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
      "type": "upload.post-transform.success",
      "created_at": "2026-01-15T09:30:00.000Z",
      "request": {
        "x_request_id": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
        "transformation": {
          "type": "transformation",
          "value": "w-5"
        }
      },
      "data": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "url": "https://media.example/demo/pre_x1Y2z3W4v.jpg?tr=w-5",
        "name": "pre_x1Y2z3W4v.jpg"
      }
    },
    "answers": {}
  },
  "upload-pre-transform-success": {
    "request": {
      "id": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
      "type": "upload.pre-transform.success",
      "created_at": "2026-01-15T09:30:00.000Z",
      "request": {
        "x_request_id": "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d",
        "transformation": "w-9"
      },
      "data": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "name": "pre_x1Y2z3W4v.jpg",
        "size": 268,
        "versionInfo": {
          "id": "0fbdca979d729ff1c9c74edd",
          "name": "Version 1"
        },
        "filePath": "/pre_x1Y2z3W4v.jpg",
        "url": "https://media.example/demo/pre_x1Y2z3W4v.jpg",
        "fileType": "image",
        "height": 6,
        "width": 9,
        "thumbnailUrl": "https://media.example/demo/tr:n-ik_ml_thumbnail/pre_x1Y2z3W4v.jpg",
        "AITags": null
      }
    },
    "answers": {}
  },
  "extension-ended": {
    "request": {
      "service": "does",
      "status": "SUCCESS",
      "fileObject": {
        "fileId": "0fbdca979d729ff1c9c74edd",
        "type": "file",
        "name": "extended_x1Y2z3W4v.jpg",
        "filePath": "/extended_x1Y2z3W4v.jpg",
        "tags": null,
        "AITags": null,
        "versionInfo": {
          "id": "0fbdca979d729ff1c9c74edd",
          "name": "Version 1"
        },
        "isPrivateFile": false,
        "isPublished": true,
        "customCoordinates": null,
        "url": "https://media.example/demo/extended_x1Y2z3W4v.jpg?updatedAt=1768469400000",
        "thumbnail": "https://media.example/demo/extended_x1Y2z3W4v.jpg?updatedAt=1768469400000&tr=n-ik_ml_thumbnail",
        "fileType": "image",
        "mime": "image/jpeg",
        "width": 6,
        "height": 4,
        "size": 268,
        "hasAlpha": false,
        "customMetadata": {},
        "embeddedMetadata": null,
        "description": "A cat",
        "createdAt": "2026-01-15T09:30:00.000Z",
        "updatedAt": "2026-01-15T09:30:00.000Z"
      }
    },
    "answers": {}
  }
};
