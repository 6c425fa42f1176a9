variable "name" {
  description = "Alias of the key, without the alias/ prefix."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 40
    error_message = "name must be lower-case letters, digits and single hyphens, start with a letter and have at most 40 characters."
  }
}

variable "region" {
  description = "AWS region of the key; CloudWatch Logs of this region may use it."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+(-[a-z]+)+-[0-9]+$", var.region))
    error_message = "region must be a region name such as eu-west-1."
  }
}

variable "launch_roles" {
  description = "Service-linked roles that start instances with volumes encrypted by this key, as SERVICE/ROLE."
  type        = list(string)
  default = [
    "autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
    "spot.amazonaws.com/AWSServiceRoleForEC2Spot",
  ]

  validation {
    condition     = length(var.launch_roles) > 0 && alltrue([for role in var.launch_roles : can(regex("^[a-z0-9.-]+\\.amazonaws\\.com/AWSServiceRoleFor[A-Za-z0-9_]+$", role))])
    error_message = "launch_roles must hold at least one service-linked role such as autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling."
  }
}

variable "rotation_period_days" {
  description = "Days between automatic rotations of the key material."
  type        = number
  default     = 365

  validation {
    condition     = var.rotation_period_days >= 90 && var.rotation_period_days <= 2560 && floor(var.rotation_period_days) == var.rotation_period_days
    error_message = "rotation_period_days must be a whole number from 90 to 2560."
  }
}

variable "deletion_window_days" {
  description = "Days during which a scheduled deletion of the key can be cancelled; after it the data is lost."
  type        = number
  default     = 30

  validation {
    condition     = var.deletion_window_days >= 7 && var.deletion_window_days <= 30 && floor(var.deletion_window_days) == var.deletion_window_days
    error_message = "deletion_window_days must be a whole number from 7 to 30."
  }
}

variable "tags" {
  description = "Tags added to every resource."
  type        = map(string)
  default     = {}
}
