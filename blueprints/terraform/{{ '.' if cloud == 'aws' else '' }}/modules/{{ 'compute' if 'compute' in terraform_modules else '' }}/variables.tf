variable "name" {
  description = "Name of the group and prefix of everything that belongs to it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 40
    error_message = "name must be lower-case letters, digits and single hyphens, start with a letter and have at most 40 characters."
  }
}

variable "vpc_id" {
  description = "ID of the VPC that the instances run in."
  type        = string
}

variable "subnet_ids" {
  description = "IDs of private subnets in at least two zones."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must hold at least two subnets, or the group goes down with its zone."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the volumes; EC2 Auto Scaling must be allowed to use it."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key (not of an alias)."
  }
}

variable "instance_type" {
  description = "Instance type; its architecture must be that of the image."
  type        = string
  default     = "t4g.medium"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*\\.[a-z0-9-]+$", var.instance_type))
    error_message = "instance_type must be an EC2 instance type such as t4g.medium."
  }
}

variable "ami_ssm_parameter" {
  description = "SSM parameter that holds the ID of the image; its value is read at plan time, so a new image shows as a change."
  type        = string
  default     = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"

  validation {
    condition     = can(regex("^/[A-Za-z0-9._/-]+$", var.ami_ssm_parameter))
    error_message = "ami_ssm_parameter must be the path of an SSM parameter, starting with a slash."
  }
}

variable "min_size" {
  description = "Smallest number of instances."
  type        = number
  default     = 2

  validation {
    condition     = var.min_size >= 0 && floor(var.min_size) == var.min_size
    error_message = "min_size must be a whole number, 0 or more."
  }
}

variable "max_size" {
  description = "Largest number of instances."
  type        = number
  default     = 4

  validation {
    condition     = var.max_size >= 1 && var.max_size >= var.min_size && floor(var.max_size) == var.max_size
    error_message = "max_size must be a whole number, at least 1 and not below min_size."
  }
}

variable "target_cpu_percent" {
  description = "Average CPU use that the group is scaled to."
  type        = number
  default     = 60

  validation {
    condition     = var.target_cpu_percent >= 10 && var.target_cpu_percent <= 90
    error_message = "target_cpu_percent must be from 10 to 90."
  }
}

variable "root_volume_size" {
  description = "Size of the root volume in GiB."
  type        = number
  default     = 30

  validation {
    condition     = var.root_volume_size >= 8 && var.root_volume_size <= 16384 && floor(var.root_volume_size) == var.root_volume_size
    error_message = "root_volume_size must be a whole number from 8 to 16384."
  }
}

variable "user_data" {
  description = "Script that an instance runs at its first start; it is readable by whoever may describe the instance, so no secrets."
  type        = string
  default     = null

  validation {
    condition     = length(coalesce(var.user_data, "-")) <= 16384
    error_message = "user_data must not be longer than 16 KiB."
  }
}

variable "target_group_arns" {
  description = "ARNs of load balancer target groups that the instances join; with one, its health check decides."
  type        = list(string)
  default     = []
}

variable "ingress" {
  description = "Who may open connections to the instances: port and security group of the client, by a name for the client."
  type = map(object({
    port              = number
    security_group_id = string
  }))
  default = {}

  validation {
    condition     = alltrue([for client in var.ingress : client.port >= 1 && client.port <= 65535 && client.port != 22])
    error_message = "ingress ports must be from 1 to 65535 and not 22: administration goes through Session Manager."
  }
}

variable "tags" {
  description = "Tags added to every resource, and to the instances and volumes that the group starts."
  type        = map(string)
  default     = {}
}
