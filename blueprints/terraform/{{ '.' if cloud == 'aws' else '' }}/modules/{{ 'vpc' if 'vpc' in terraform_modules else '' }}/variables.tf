variable "name" {
  description = "Name of the VPC and prefix of everything in it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 40
    error_message = "name must be lower-case letters, digits and single hyphens, start with a letter and have at most 40 characters."
  }
}

variable "cidr" {
  description = "IPv4 block of the VPC, from /16 to /20; it cannot be changed later."
  type        = string

  validation {
    condition     = can(regex("/(1[6-9]|20)$", var.cidr)) && try(cidrsubnet(var.cidr, 0, 0) == var.cidr, false)
    error_message = "cidr must be an IPv4 network from /16 to /20, written with its first address, such as 10.0.0.0/16."
  }
}

variable "availability_zones" {
  description = "Two to six zones of one region. New zones are appended: the place in the list decides about the addresses."
  type        = list(string)

  validation {
    condition     = length(var.availability_zones) >= 2 && length(var.availability_zones) <= 6 && length(distinct(var.availability_zones)) == length(var.availability_zones)
    error_message = "availability_zones must hold two to six different zones."
  }

  validation {
    condition     = alltrue([for zone in var.availability_zones : can(regex("^[a-z]+(-[a-z]+)+-[0-9]+[a-z]$", zone))]) && length(distinct([for zone in var.availability_zones : substr(zone, 0, length(zone) - 1)])) == 1
    error_message = "availability_zones must be zones of one region, such as eu-west-1a and eu-west-1b."
  }
}

variable "single_nat_gateway" {
  description = "Send all zones through one NAT gateway: cheaper, and the way out is lost with that zone."
  type        = bool
  default     = false
}

variable "cluster_name" {
  description = "EKS cluster that finds its subnets here by tag; null leaves the tags out."
  type        = string
  default     = null

  validation {
    condition     = var.cluster_name == null || can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$", var.cluster_name))
    error_message = "cluster_name must be the name of an EKS cluster: letters, digits, hyphens and underscores, at most 100."
  }
}

variable "interface_endpoints" {
  description = "AWS services reached by private endpoints instead of NAT, by short name (ecr.api, ecr.dkr, sts)."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for service in var.interface_endpoints : can(regex("^[a-z0-9]+([.-][a-z0-9]+)*$", service)) && service != "s3"]) && length(distinct(var.interface_endpoints)) == length(var.interface_endpoints)
    error_message = "interface_endpoints must be different short service names such as ecr.api; s3 always has its gateway endpoint."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the flow logs."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key (not of an alias)."
  }
}

variable "flow_log_retention_days" {
  description = "Days that flow logs are kept."
  type        = number
  default     = 365

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.flow_log_retention_days)
    error_message = "flow_log_retention_days must be a period that CloudWatch Logs offers, such as 30, 90, 365 or 731."
  }
}

variable "tags" {
  description = "Tags added to every resource."
  type        = map(string)
  default     = {}
}
